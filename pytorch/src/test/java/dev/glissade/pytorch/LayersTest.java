package dev.glissade.pytorch;

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
          .importPackages("dev.glissade.pytorch");

  @Test
  void dependsOnTheClassesOfLibtorchAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.glissade",
            "dev.glissade.records",
            "dev.glissade.checkpoint",
            "dev.glissade.host",
            "dev.glissade.privacy",
            "dev.glissade.transform",
            "dev.glissade.pytorch",
            "org.bytedeco.javacpp",
            "org.bytedeco.pytorch",
            "org.bytedeco.pytorch.global",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }
}
