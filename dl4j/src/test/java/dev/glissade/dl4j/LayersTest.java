package dev.glissade.dl4j;

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
          .importPackages("dev.glissade.dl4j");

  @Test
  void dependsOnTheInterfaceOfDl4jAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.glissade",
            "dev.glissade.checkpoint",
            "dev.glissade.host",
            "dev.glissade.transform",
            "dev.glissade.dl4j",
            "org.deeplearning4j.nn..",
            "org.deeplearning4j.optimize.api",
            "org.nd4j.linalg..",
            "org.bytedeco.javacpp",
            "org.slf4j",
            "org.jspecify..")
        .check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.nd4j.linalg.cpu..")
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
