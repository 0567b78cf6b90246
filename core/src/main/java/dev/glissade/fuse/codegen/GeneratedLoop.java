package dev.glissade.fuse.codegen;

/** The generated loop of a section. */
public interface GeneratedLoop {

  /**
   * Runs the loop over all pieces.
   *
   * @param workspace of a reducing section: a block for each array, then the lanes of each
   *     reduction
   */
  void run(KernelArguments arguments, Object[] workspace);
}
