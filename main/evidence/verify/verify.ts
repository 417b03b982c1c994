/** Checks a bundle (FORMATS, Bundle). Being written: see the commits. */
