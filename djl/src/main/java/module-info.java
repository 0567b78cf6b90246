/** Trains DJL models with Glissade's optimizers. */
module dev.glissade.djl {
  requires transitive ai.djl.api;
  requires transitive dev.glissade.checkpoint;
  requires transitive dev.glissade.core;
  requires transitive dev.glissade.privacy;
  requires dev.glissade.host;
  requires org.slf4j;
  requires static transitive org.jspecify;

  // ai.djl.api needs these, but as an automatic module it can't require them.
  requires com.google.gson;
  requires org.apache.commons.compress;

  exports dev.glissade.djl;
}
