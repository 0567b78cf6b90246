package dev.glissade.tribuo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.junit.jupiter.api.Test;

/** What this module may depend on. */
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.glissade.tribuo");

  @Test
  void dependsOnTribuosMathsAndAJsonParser() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.glissade",
            "dev.glissade.catalog",
            "dev.glissade.records",
            "dev.glissade.checkpoint",
            "dev.glissade.host",
            "dev.glissade.transform",
            "dev.glissade.tribuo",
            "org.tribuo.math..",
            "com.fasterxml.jackson.core",
            "com.fasterxml.jackson.core.json",
            "com.fasterxml.jackson.jr.ob",
            "com.oracle.labs.mlrg.olcut..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }
}
