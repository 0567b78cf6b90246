package dev.glissade.tensorflow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** What this module may depend on. */
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.glissade.tensorflow");

  @Test
  void dependsOnTheCoreApiOfTensorFlowAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.glissade",
            "dev.glissade.checkpoint",
            "dev.glissade.host",
            "dev.glissade.transform",
            "dev.glissade.tensorflow",
            "org.tensorflow..",
            "org.bytedeco.javacpp",
            "com.google.protobuf",
            "org.jspecify..")
        .check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.tensorflow.internal..", "org.tensorflow.framework..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Method.class)
        .check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }
}
