/** Private training, and the accountants that state what its steps reveal. */
module dev.glissade.privacy {
  requires transitive dev.glissade.contrib;
  requires transitive dev.glissade.core;
  requires org.apache.commons.numbers.gamma;
  requires static dev.glissade.withers;
  requires static transitive org.jspecify;

  exports dev.glissade.privacy;
  exports dev.glissade.privacy.accounting;
}
