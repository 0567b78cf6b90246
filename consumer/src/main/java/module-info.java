/** A modular program that uses the jars as a user's program does. */
module dev.glissade.consumer {
  requires dev.glissade.checkpoint;
  requires dev.glissade.contrib;
  requires transitive dev.glissade.core;
  requires dev.glissade.privacy;

  exports dev.glissade.consumer.exported;

  opens dev.glissade.consumer.open to
      dev.glissade.core;
}
