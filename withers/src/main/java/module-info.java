/**
 * The annotation {@code Withers} and its processor, which generate setters for records; needed only
 * at build time.
 */
module dev.glissade.withers {
  requires java.compiler;
  requires static transitive org.jspecify;

  exports dev.glissade.withers;

  provides javax.annotation.processing.Processor with
      dev.glissade.withers.processor.WithersProcessor;
}
