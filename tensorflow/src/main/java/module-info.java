/** Trains graphs of TensorFlow-Java with Glissade's optimizers. */
module dev.glissade.tensorflow {
  requires transitive dev.glissade.checkpoint;
  requires transitive dev.glissade.core;
  requires transitive tensorflow;
  requires dev.glissade.host;
  requires static transitive org.jspecify;

  exports dev.glissade.tensorflow;
}
