package dev.glissade.arena.data;

/** Receives how much of a file has been read. */
public interface LoadProgress {
  /** Ignores it. */
  LoadProgress NONE =
      new LoadProgress() {
        @Override
        public void begin(String name, long bytes) {}

        @Override
        public void read(long bytes) {}

        @Override
        public void end() {}
      };

  /**
   * Begins one pass over a file.
   *
   * @param bytes the size of the file, before decompression
   */
  void begin(String name, long bytes);

  /** Adds bytes that were read. */
  void read(long bytes);

  /** Ends the pass. */
  void end();
}
