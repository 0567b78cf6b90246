/** The annotation {@code Withers} and its processor; needed at build time only. */
module dev.glissade.withers {
  requires java.compiler;
  requires static transitive org.jspecify;

  exports dev.glissade.withers;

  provides javax.annotation.processing.Processor with
      dev.glissade.withers.processor.WithersProcessor;
}
