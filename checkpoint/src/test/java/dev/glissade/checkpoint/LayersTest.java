package dev.glissade.checkpoint;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** What this module may depend on. */
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.glissade.checkpoint");

  @Test
  void dependsOnTheCoreAndAJsonParser() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.glissade",
            "dev.glissade.records",
            "dev.glissade.catalog",
            "dev.glissade.checkpoint",
            "dev.glissade.checkpoint.json",
            "com.fasterxml.jackson.core",
            "com.fasterxml.jackson.core.json",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void classesThatAFileNamesAreNeverLoaded() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Method.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Constructor.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ClassLoader.class)
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }
}
