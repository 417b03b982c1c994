/**
 * What makes bash and zsh say which command line was accepted and how it ended (FORMATS, Semantic prompts).
 * Each mark carries `<nonce>-<number of the prompt>`: a program can't know the nonce, and a replay of the session's
 * own bytes carries numbers of the past. The nonce comes in by environment and is unset before anything of the user's runs.
 */

/** Shell source as written; `$\{` stands for what a template would take for its own. */
const source = (parts: TemplateStringsArray) => String.raw(parts).trimStart().replaceAll('$\\{', '${');

/** Removes what may not stand in a mark; the answer is in `__wr_out`. The same in both shells. */
const escapeFunction = source`
__wr_escape() {
  __wr_out=$\{1:0:20000}
  __wr_out=$\{__wr_out//\\/\\\\}
  __wr_out=$\{__wr_out//;/\\x3b}
  __wr_out=$\{__wr_out//$'\n'/\\x0a}
  __wr_out=$\{__wr_out//$'\t'/\\x09}
  __wr_out=$\{__wr_out//[[:cntrl:]]/?}
}
`;

/**
 * For `bash --rcfile`. The line is taken from readline when Enter is pressed: history leaves lines out (HISTCONTROL),
 * a DEBUG trap sees only the first simple command. PS0 shows it just before the line runs, so an empty line, Ctrl-C
 * and a syntax error are no commands. History and HISTFILE are not touched.
 */
export const bashIntegration =
  source`
__wr_nonce=$WARROOM_NONCE
unset WARROOM_NONCE
declare +x __wr_nonce
if [[ -r ~/.bashrc ]]; then . ~/.bashrc; fi

` +
  escapeFunction +
  source`
__wr_number=0 __wr_line= __wr_escaped= __wr_out= __wr_begun=

__wr_accept() {
  local status=$?
  if [[ -n $__wr_line ]]; then __wr_line+=$'\n'; fi
  __wr_line+=$READLINE_LINE
  __wr_escape "$__wr_line"
  __wr_escaped=$__wr_out
  return $status
}

# Ends the command before; its exit is empty when it is not known.
__wr_begin() {
  builtin printf '\e]633;D;%s;%s-%s\a' "$1" "$__wr_nonce" "$__wr_number"
  __wr_number=$((__wr_number + 1)) __wr_line= __wr_escaped= __wr_begun=1
  __wr_escape "$PWD"
  builtin printf '\e]633;P;Cwd=%s;%s-%s\a' "$__wr_out" "$__wr_nonce" "$__wr_number"
}

# Runs before the user's own prompt commands, while the exit is still that of the command.
__wr_first() {
  local status=$?
  if [[ $PROMPT_COMMAND == __wr_first* ]]; then __wr_begin $status; fi
  return $status
}

# Runs after them. When something was put before __wr_first, the exit is lost this once.
__wr_last() {
  local status=$?
  if [[ -z $__wr_begun ]]; then __wr_begin ''; fi
  __wr_begun=
  if [[ $PROMPT_COMMAND != __wr_first* ]]; then
    PROMPT_COMMAND="__wr_first"$'\n'"$\{PROMPT_COMMAND//__wr_first/:}"
  fi
  if [[ $PS1 != *'633;B'* ]]; then PS1+='\[\e]633;B\a\]'; fi
  if [[ $PS0 != *__wr_escaped* ]]; then
    PS0='\e]633;E;$\{__wr_escaped};$\{__wr_nonce}-$\{__wr_number}\a\e]633;C;$\{__wr_nonce}-$\{__wr_number}\a'$PS0
  fi
  builtin printf '\e]633;A;%s-%s\a' "$__wr_nonce" "$__wr_number"
  return $status
}

__wr_install() {
  local map
  for map in emacs vi-insert vi-command; do
    bind -m $map -x '"\e[633;1~": __wr_accept'
    bind -m $map '"\e[633;2~": accept-line'
    bind -m $map '"\e[633;3~": operate-and-get-next'
    bind -m $map '"\C-m": "\e[633;1~\e[633;2~"'
    bind -m $map '"\C-j": "\e[633;1~\e[633;2~"'
    bind -m $map '"\C-o": "\e[633;1~\e[633;3~"'
  done
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    PROMPT_COMMAND=(__wr_first "$\{PROMPT_COMMAND[@]}" __wr_last)
  else
    PROMPT_COMMAND="__wr_first"$'\n'"$\{PROMPT_COMMAND-}"$'\n'"__wr_last"
  fi
}
# PS0 came with bash 4.4. An older one is recorded without marks.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then __wr_install; fi
unset -f __wr_install
`;

/** For the folder that ZDOTDIR names: gives zsh its user's own folder back, then sources the user's file. */
export const zshEnvironment = source`
__wr_nonce=$WARROOM_NONCE __wr_folder=$ZDOTDIR __wr_had=$\{WARROOM_ZDOTDIR-}
unset WARROOM_NONCE WARROOM_ZDOTDIR
if [[ -n $__wr_had ]]; then ZDOTDIR=$__wr_had; else unset ZDOTDIR; fi
if [[ -f $\{ZDOTDIR-$HOME}/.zshenv ]]; then . $\{ZDOTDIR-$HOME}/.zshenv; fi
__wr_had=$\{ZDOTDIR-}
ZDOTDIR=$__wr_folder
`;

export const zshIntegration =
  source`
if [[ -n $__wr_had ]]; then ZDOTDIR=$__wr_had; else unset ZDOTDIR; fi
# A system-wide zshrc may have named the history after the folder that was lent.
if [[ $\{HISTFILE-} == $__wr_folder/* ]]; then HISTFILE=$\{ZDOTDIR-$HOME}/.zsh_history; fi
if [[ -f $\{ZDOTDIR-$HOME}/.zshrc ]]; then . $\{ZDOTDIR-$HOME}/.zshrc; fi

` +
  escapeFunction +
  source`
__wr_number=0

# zsh gives the line as typed, whether history keeps it or not.
__wr_preexec() {
  __wr_escape "$1"
  builtin printf '\e]633;E;%s;%s-%s\a\e]633;C;%s-%s\a' "$__wr_out" "$__wr_nonce" "$__wr_number" "$__wr_nonce" "$__wr_number"
}

__wr_precmd() {
  local wr_status=$?
  builtin printf '\e]633;D;%s;%s-%s\a' "$wr_status" "$__wr_nonce" "$__wr_number"
  __wr_number=$((__wr_number + 1))
  __wr_escape "$PWD"
  builtin printf '\e]633;P;Cwd=%s;%s-%s\a\e]633;A;%s-%s\a' "$__wr_out" "$__wr_nonce" "$__wr_number" "$__wr_nonce" "$__wr_number"
  if [[ $PS1 != *'633;B'* ]]; then PS1+=$'%{\e]633;B\a%}'; fi
}

preexec_functions+=(__wr_preexec)
precmd_functions=(__wr_precmd $precmd_functions)
`;
