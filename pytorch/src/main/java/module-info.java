/** Trains models of libtorch in Java (org.bytedeco:pytorch) with Glissade's optimizers. */
module dev.glissade.pytorch {
  requires transitive dev.glissade.checkpoint;
  requires transitive dev.glissade.core;
  requires transitive dev.glissade.privacy;
  requires transitive org.bytedeco.pytorch;
  requires dev.glissade.host;
  requires static transitive org.jspecify;

  exports dev.glissade.pytorch;
}
