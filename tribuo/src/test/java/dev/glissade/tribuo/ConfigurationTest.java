package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.oracle.labs.mlrg.olcut.config.ConfigurationManager;
import com.oracle.labs.mlrg.olcut.config.PropertyException;
import com.oracle.labs.mlrg.olcut.provenance.ProvenanceUtil;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.catalog.Catalog;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.StochasticGradientOptimiser;

/** Configuration files, and the provenance of models. */
class ConfigurationTest {
  private static final MutableDataset<Label> DATA = Models.labels(true);
  @TempDir Path folder;

  private ConfigurationManager manager(String properties) throws Exception {
    Path file = folder.resolve("config.xml");
    Files.writeString(
        file,
        """
        <config>
          <component name="trainer" type="org.tribuo.classification.sgd.linear.LinearSGDTrainer">
            <property name="objective" value="log"/>
            <property name="optimiser" value="glissade"/>
            <property name="epochs" value="3"/>
            <property name="minibatchSize" value="4"/>
          </component>
          <component name="log"
              type="org.tribuo.classification.sgd.objectives.LogMulticlass"/>
          <component name="glissade" type="dev.glissade.tribuo.GlissadeOptimiser">
        %s
          </component>
        </config>
        """
            .formatted(properties));
    return new ConfigurationManager(file.toString());
  }

  private static LinearSGDModel trained(StochasticGradientOptimiser optimiser) {
    return new LinearSGDTrainer(new LogMulticlass(), optimiser, 3, 1000, 4, 12345).train(DATA);
  }

  private static LinearSGDModel trained(ConfigurationManager manager, String name) {
    return ((LinearSGDTrainer) manager.lookup(name)).train(DATA);
  }

  @Test
  void aFileNamesTheOptimizerAndItsArguments() throws Exception {
    ConfigurationManager manager =
        manager(
            """
            <property name="optimizer" value="adamw"/>
            <propertymap name="arguments">
              <entry key="learning_rate" value=".05"/>
              <entry key="weight_decay" value="1e-3"/>
              <entry key="nesterov" value="true"/>
            </propertymap>
            <property name="minibatchSize" value="4"/>
            <property name="nonFinite" value="SKIP"/>
            """);
    GlissadeOptimiser same =
        GlissadeOptimiser.of(Optimizers.adamw(.05).weightDecay(1e-3).nesterov(true))
            .minibatchSize(4)
            .nonFinite(NonFinite.SKIP);
    assertThat(trained(manager, "trainer").getWeightsCopy())
        .isEqualTo(trained(same).getWeightsCopy());
    GlissadeOptimiser read = (GlissadeOptimiser) manager.lookup("glissade");
    assertThat(read.copy().toString())
        .isEqualTo(
            "GlissadeOptimiser(optimizer=adamw,arguments={learning_rate=.05, nesterov=true,"
                + " weight_decay=1e-3},minibatchSize=4,accumulate=1)");
  }

  @Test
  void argumentsMayBeJsonAndSoMayTheOptimizer() throws Exception {
    String schedule =
        "{\"name\":\"cosine_decay_schedule\",\"args\":{\"init_value\":0.1,\"decay_steps\":9}}";
    var optimizer =
        Optimizers.sgd(Schedules.cosineDecaySchedule(0.1, 9)).momentum(0.9).nesterov(true);
    LinearSGDModel want = trained(GlissadeOptimiser.of(optimizer).minibatchSize(4));
    String xml = schedule.replace("\"", "&quot;");
    String nested =
        """
        <property name="optimizer" value="sgd"/>
        <propertymap name="arguments">
          <entry key="learning_rate" value="%s"/>
          <entry key="momentum" value="0.9"/>
          <entry key="nesterov" value="true"/>
        </propertymap>
        <property name="minibatchSize" value="4"/>
        """;
    assertThat(trained(manager(nested.formatted(xml)), "trainer").getWeightsCopy())
        .isEqualTo(want.getWeightsCopy());
    String json =
        "{\"name\":\"sgd\",\"args\":{\"learning_rate\":%s,\"momentum\":0.9,\"nesterov\":true}}"
            .formatted(schedule)
            .replace("\"", "&quot;");
    String whole =
        "<property name=\"optimizer\" value=\"%s\"/><property name=\"minibatchSize\" value=\"4\"/>";
    assertThat(trained(manager(whole.formatted(json)), "trainer").getWeightsCopy())
        .isEqualTo(want.getWeightsCopy());
  }

  @Test
  void aModelsProvenanceMakesTheSameTrainerAgain() throws Exception {
    GlissadeOptimiser optimiser =
        GlissadeOptimiser.of(
                Transforms.chain(
                    Transforms.clipByGlobalNorm(1),
                    Contrib.prodigy().learningRate(Schedules.cosineDecaySchedule(1, 9))))
            .minibatchSize(4);
    LinearSGDModel model = trained(optimiser);
    try (ConfigurationManager manager = new ConfigurationManager()) {
      manager.addConfiguration(ProvenanceUtil.extractConfiguration(model.getProvenance()));
      String name = manager.listAll(LinearSGDTrainer.class).get(0);
      assertThat(trained(manager, name).getWeightsCopy()).isEqualTo(model.getWeightsCopy());
    }
    assertThat(trained(GlissadeOptimiser.of(Optimizers.adam(0.25))).getProvenance().toString())
        .contains("GlissadeOptimiser", "adam", "learning_rate", "0.25");
  }

  @Test
  void everyOptimizerOfTheCatalogIsReadAsItWasWritten() {
    AllOptimizers.plain()
        .forEach((name, plain) -> {
          GradientTransformation<?> optimizer = Catalog.standard().optimizer(plain);
          GradientTransformation<?> again = OptimizerArguments.of(optimizer).read();
          assertThat(Catalog.standard().describe(again))
              .as(name)
              .isEqualTo(Catalog.standard().describe(optimizer));
        });
  }

  @Test
  void codeIsNamedByItsClass() {
    GlissadeOptimiser code = GlissadeOptimiser.of(Optimizers.sgd(count -> 0.1 / (count + 1)));
    LinearSGDModel model = trained(code.minibatchSize(4));
    assertThat(model.getProvenance().toString()).contains("dev.glissade.optimizer.Sgd");
    ConfigurationManager manager = new ConfigurationManager();
    manager.addConfiguration(ProvenanceUtil.extractConfiguration(model.getProvenance()));
    String name = manager.listAll(LinearSGDTrainer.class).get(0);
    assertThatThrownBy(() -> manager.lookup(name))
        .hasMessageContaining(
            "optimizer must be in the catalog, but was code of class dev.glissade.optimizer.Sgd:"
                + " make it again and pass it to GlissadeOptimiser.of");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prodgy | minibatchSize | 4 | must be in the catalog, but was "prodgy"
          sgd | minibatchSize | 4 | learning_rate
          '{"name":"sgd"} 1' | minibatchSize | 4 | optimizer is not JSON: line 1, column 17: nothing may
          '{"name":"a","name":"b"}' | minibatchSize | 4 | Duplicate field 'name'
          prodigy | minibatchSize | 0 | minibatchSize must be at least 1, but was 0
          prodigy | accumulate | 0 | accumulate must be at least 1, but was 0
          prodigy | threads | -1 | threads must be at least 0, but was -1
          '{"name":"sgd"' | minibatchSize | 4 | optimizer is not JSON: line 1
          """)
  void aFileWithAMistakeIsRefused(String optimizer, String name, String value, String message)
      throws Exception {
    ConfigurationManager manager =
        manager(
            "<property name=\"optimizer\" value=\"%s\"/><property name=\"%s\" value=\"%s\"/>"
                .formatted(optimizer.replace("\"", "&quot;"), name, value));
    assertThatThrownBy(() -> manager.lookup("trainer"))
        .isInstanceOf(PropertyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theSentenceOfAMistakeIsSaidOnce() throws Exception {
    ConfigurationManager manager =
        manager(
            "<property name=\"optimizer\" value=\"prodigy\"/>"
                + "<property name=\"minibatchSize\" value=\"0\"/>");
    assertThatThrownBy(() -> manager.lookup("glissade"))
        .isInstanceOf(PropertyException.class)
        .hasMessage("GlissadeOptimiser: minibatchSize must be at least 1, but was 0");
  }

  @Test
  void argumentsBesideJsonAreRefused() {
    assertThatThrownBy(() -> new OptimizerArguments("{}", Map.of("b1", "0.9")).read())
        .hasMessage("arguments must be empty if the optimizer is JSON, but were [b1]");
  }
}
