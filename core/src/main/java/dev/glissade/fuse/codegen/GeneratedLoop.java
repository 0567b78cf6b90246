package dev.glissade.fuse.codegen;

/** The generated loop of a section. */
public interface GeneratedLoop {

  /**
   * Works on all pieces.
   *
   * @param local of a reducing section a block for each array, then each reduction's lanes
   */
  void run(KernelArguments work, Object[] local);
}
