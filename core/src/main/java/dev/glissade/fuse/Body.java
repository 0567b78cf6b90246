package dev.glissade.fuse;

/** The generated loop of a section. */
interface Body {

  /**
   * Works on all pieces.
   *
   * @param local of a reducing section a block for each array, then each reduction's lanes
   */
  void run(Work work, Object[] local);
}
