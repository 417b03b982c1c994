/** Everything that can be done is a command here: the palette, the keys and the buttons reach the same one. */

export interface Command {
  id: string;
  title: string;
  /** As in `Mod+K`, `Shift+F6`; Mod is Ctrl, or ⌘ on a Mac. */
  keys?: string;
  /** The pane in which the keys count; without one they do in every pane. */
  pane?: string;
  run(): void;
  /** Why it can't be run now; null when it can. */
  whyNot?(): string | null;
}

export interface Registry {
  /** Adds commands; answers how to take them out again. One id is there once: a later one takes its place. */
  add(commands: Command[]): () => void;
  all(): Command[];
  /** Runs it unless something speaks against it; answers the reason. */
  run(id: string): string | null;
}

export function createRegistry(): Registry {
  const commands = new Map<string, Command>();
  return {
    add(added) {
      for (const command of added) commands.set(command.id, command);
      return () => {
        for (const command of added) if (commands.get(command.id) === command) commands.delete(command.id);
      };
    },
    all: () => [...commands.values()],
    run(id) {
      const command = commands.get(id);
      if (!command) return `There is no command ${id}.`;
      const reason = command.whyNot?.() ?? null;
      if (reason === null) command.run();
      return reason;
    },
  };
}

/** The page's own. */
export const registry = createRegistry();

/** Commands whose titles have all words of `query`: those that start with it, then those of which it is the larger part. */
export function findCommands(commands: Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const startsWith = (command: Command) => command.title.toLowerCase().startsWith(words[0] ?? '');
  return commands
    .filter((command) => words.every((word) => command.title.toLowerCase().includes(word)))
    .sort(
      (a, b) =>
        Number(startsWith(b)) - Number(startsWith(a)) ||
        (words.length > 0 ? a.title.length - b.title.length : 0) ||
        a.title.localeCompare(b.title),
    );
}
