/** DJL's training loop with the optimizers of this library. */
module dev.glissade.djl {
  requires transitive ai.djl.api;
  requires transitive dev.glissade.checkpoint;
  requires transitive dev.glissade.core;
  requires transitive dev.glissade.privacy;
  requires org.slf4j;
  requires static transitive org.jspecify;

  // What ai.djl.api needs itself; it is an automatic module, which can't require it.
  requires com.google.gson;
  requires org.apache.commons.compress;

  exports dev.glissade.djl;
}
