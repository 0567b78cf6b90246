package dev.glissade;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What may depend on what. */
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("/withers/"))
          .importPackages("dev.glissade");

  @Test
  void layersHold() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("random")
        .definedBy("dev.glissade.random")
        .layer("records")
        .definedBy("dev.glissade.records")
        .layer("fuse")
        .definedBy("dev.glissade.fuse..")
        .layer("core")
        .definedBy("dev.glissade")
        .layer("algebra")
        .definedBy("dev.glissade.algebra")
        .layer("schedule")
        .definedBy("dev.glissade.schedule")
        .layer("projection")
        .definedBy("dev.glissade.projection")
        .layer("combine")
        .definedBy("dev.glissade.combine")
        .layer("transform")
        .definedBy("dev.glissade.transform")
        .layer("optimizer")
        .definedBy("dev.glissade.optimizer")
        .layer("catalog")
        .definedBy("dev.glissade.catalog")
        .layer("contrib")
        .definedBy("dev.glissade.contrib")
        .whereLayer("random")
        .mayNotAccessAnyLayer()
        .whereLayer("records")
        .mayNotAccessAnyLayer()
        .whereLayer("fuse")
        .mayOnlyAccessLayers("random")
        .whereLayer("core")
        .mayOnlyAccessLayers("random", "records", "fuse")
        .whereLayer("algebra")
        .mayOnlyAccessLayers("core", "records")
        .whereLayer("schedule")
        .mayOnlyAccessLayers("core", "records")
        .whereLayer("projection")
        .mayOnlyAccessLayers("core", "records")
        .whereLayer("combine")
        .mayOnlyAccessLayers("core", "records", "schedule")
        .whereLayer("transform")
        .mayOnlyAccessLayers("core", "records", "schedule", "projection", "combine")
        .whereLayer("optimizer")
        .mayOnlyAccessLayers("core", "records", "schedule", "projection", "combine", "transform")
        .whereLayer("catalog")
        .mayOnlyAccessLayers(
            "core", "records", "schedule", "projection", "combine", "transform", "optimizer")
        .whereLayer("contrib")
        .mayOnlyAccessLayers(
            "core",
            "records",
            "algebra",
            "schedule",
            "combine",
            "transform",
            "optimizer",
            "catalog")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.glissade.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theEnginesRoomsHold() {
    String[] rooms = {"memory", "graph", "tape", "codegen", "kernel", "plan", "run"};
    Architectures.LayeredArchitecture engine =
        layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String room : rooms) {
      engine = engine.layer(room).definedBy("dev.glissade.fuse." + room);
    }
    for (int i = 0; i < rooms.length; i++) {
      engine =
          i == 0
              ? engine.whereLayer(rooms[i]).mayNotAccessAnyLayer()
              : engine.whereLayer(rooms[i]).mayOnlyAccessLayers(Arrays.copyOf(rooms, i));
    }
    engine.check(CLASSES);
    slices().matching("dev.glissade.fuse.(*)..").should().beFreeOfCycles().check(CLASSES);
    classes()
        .that()
        .resideInAPackage("dev.glissade.fuse..")
        .should()
        .resideInAnyPackage(
            Arrays.stream(rooms).map("dev.glissade.fuse."::concat).toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void theEngineHasThreeDoors() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.glissade.fuse..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.glissade.fuse.tape",
            "dev.glissade.fuse.codegen",
            "dev.glissade.fuse.kernel",
            "dev.glissade.fuse.plan")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.glissade", "dev.glissade.fuse..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.glissade.fuse..")
        .check(CLASSES);
  }

  @Test
  void reflectionIsOverRecordsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.glissade.records", "dev.glissade.fuse..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Method.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Constructor.class)
        .check(CLASSES);
  }

  @Test
  void theCoreDependsOnAsmAlone() {
    classes()
        .that()
        .resideInAPackage("dev.glissade..")
        .and()
        .resideOutsideOfPackage("dev.glissade.withers..") // which is there at build time only
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.glissade..", "org.objectweb.asm..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }

  /** Records don't count: those of hyperparameters have an index, and others are small. */
  @Test
  void packagesStaySmall() {
    CLASSES.stream()
        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(c -> c.isTopLevelClass())
        .filter(c -> !c.isRecord())
        .filter(c -> !c.getSimpleName().endsWith("Withers")) // generated
        .collect(Collectors.groupingBy(c -> c.getPackageName(), Collectors.counting()))
        .forEach((name, types) -> Assertions.assertThat(types).as(name).isLessThanOrEqualTo(21));
  }
}
