package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.data.Datasets;
import dev.glissade.contrib.Contrib;
import dev.glissade.contrib.Dog;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projections;
import dev.glissade.transform.Transforms;
import dev.glissade.transform.WeightLayout;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer trains through DJL's own loop. */
class FitTest {

  /** One line for each function of the indexes, by its name. */
  static Map<String, GradientTransformation<?>> all() {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    GradientTransformation<?> adam = Optimizers.adam(0.005);
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("sgd", Optimizers.sgd(0.05).momentum(0.9));
    all.put("adam", adam);
    all.put("adamw", Optimizers.adamw(0.005));
    all.put("lion", Optimizers.lion(0.001));
    all.put("rmsprop", Optimizers.rmsprop(0.002));
    all.put("adagrad", Optimizers.adagrad(0.05));
    all.put("noisySgd", Optimizers.noisySgd(0.05, 3));
    all.put("cocob", Contrib.cocob());
    all.put("dadaptAdamw", Contrib.dadaptAdamw());
    all.put("prodigy", Contrib.prodigy());
    all.put("mechanize", Contrib.mechanize(Optimizers.adamw(1.0)));
    all.put("normalize", Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.1).momentum(0.9)));
    all.put("sam", Contrib.sam(adam, adversary));
    all.put("sam opaque", Contrib.sam(adam, adversary).opaqueMode(true));
    all.put(
        "differentiallyPrivateAggregate",
        Transforms.chain(Contrib.differentiallyPrivateAggregate(5, 0.01, 7), adam));
    all.put("dpsgd", Contrib.dpsgd(0.3, 5, 0.01, 7));
    all.put("splitRealAndImaginary", Contrib.splitRealAndImaginary(adam));
    return all;
  }

  /** More functions of the indexes, which learn for one epoch only. */
  static Map<String, GradientTransformation<?>> more() {
    Map<String, GradientTransformation<?>> more = new LinkedHashMap<>();
    more.put("nadam", Optimizers.nadam(0.005));
    more.put("nadamw", Optimizers.nadamw(0.005));
    more.put("adamax", Optimizers.adamax(0.01));
    more.put("adamaxw", Optimizers.adamaxw(0.01));
    more.put("amsgrad", Optimizers.amsgrad(0.005));
    more.put("adabelief", Optimizers.adabelief(0.005));
    more.put("yogi", Optimizers.yogi(0.01));
    more.put("radam", Optimizers.radam(0.05));
    more.put("adan", Optimizers.adan(0.01));
    more.put("signSgd", Optimizers.signSgd(0.002));
    more.put("signum", Optimizers.signum(0.002));
    more.put("adadelta", Optimizers.adadelta(1.0));
    more.put("rprop", Optimizers.rprop(0.002));
    more.put("lamb", Optimizers.lamb(0.02));
    more.put("lars", Optimizers.lars(1.5));
    more.put("novograd", Optimizers.novograd(0.02));
    more.put("fromage", Optimizers.fromage(0.05));
    more.put("adafactor", Optimizers.adafactor(0.05));
    more.put("lbfgs", Optimizers.lbfgs());
    more.put("lbfgsb", Optimizers.lbfgsb(Projections.box(-9, 9)));
    more.put("polyakSgd", Optimizers.polyakSgd());
    more.put("optimisticAdam", Optimizers.optimisticAdam(0.005));
    more.put("optimisticAdamV2", Optimizers.optimisticAdamV2(0.005));
    more.put("optimisticGradientDescent", Optimizers.optimisticGradientDescent(0.1));
    contrib(more);
    return more;
  }

  private static void contrib(Map<String, GradientTransformation<?>> more) {
    GradientTransformation<?> adam = Optimizers.adam(0.005);
    more.put("acprop", Contrib.acprop(0.005).floor(1e-6));
    more.put("ademamix", Contrib.ademamix(0.002).alpha(1));
    more.put("simplifiedAdemamix", Contrib.simplifiedAdemamix(0.0005));
    more.put("adopt", Contrib.adopt(0.005));
    more.put("madgrad", Contrib.madgrad(0.005));
    more.put("dog", Contrib.dog().initStep(Dog.InitStep.heuristic(0.01)));
    more.put("dowg", Contrib.dowg().initEstimSqDist(0.01));
    more.put("momo", Contrib.momo());
    more.put("momoAdam", Contrib.momoAdam());
    more.put("reduceOnPlateau", Transforms.chain(adam, Contrib.reduceOnPlateau()));
    more.put("scheduleFree", Contrib.scheduleFree(Optimizers.rmsprop(0.01), 0.01));
    more.put("scheduleFreeSgd", Contrib.scheduleFreeSgd(0.3));
    more.put("scheduleFreeAdamw", Contrib.scheduleFreeAdamw(0.01));
    more.put("sophia", Contrib.sophia(0.005).estimateFirst(true));
    more.put("asam", Contrib.asam(Optimizers.adam(0.01), 0.1));
    more.put("stableAdamw", Contrib.stableAdamw(0.005));
    more.put("adamMini", Contrib.adamMini(0.005).layout(WeightLayout.OUT_IN));
    more.put("laprop", Contrib.laprop(0.005));
    more.put("mars", Contrib.mars(0.005));
    more.put("cautious", Contrib.cautious(adam));
    more.put("muon", Contrib.muon(0.02));
    more.put("norMuon", Contrib.norMuon(0.005));
    more.put("galore", Contrib.galore(0.01));
    more.put("soap", Contrib.soap(0.005));
    more.put("shampoo", Contrib.shampoo(0.005));
  }

  /** The functions of the indexes that make a part of an optimizer, or nothing of the kind. */
  private static final Set<String> PARTS =
      Set.of(
          "scheduleFreeEvalParams",
          "hutchinsonEstimatorDiagHessian",
          "adaptiveNormalize",
          "marsGradient",
          "grokfastEma",
          "addCautiousWeightDecay",
          "ftrl",
          "sm3");

  static Set<String> moreNames() {
    return more().keySet();
  }

  static Set<String> names() {
    return all().keySet();
  }

  static Stream<String> ofMeanGradients() {
    return names().stream()
        .filter(name -> !all().get(name).perExample() && !name.equals("sam opaque"));
  }

  @Test
  void theListIsThatOfTheIndexes() {
    Set<String> functions = new TreeSet<>();
    for (Class<?> index : new Class<?>[] {Optimizers.class, Contrib.class}) {
      Arrays.stream(index.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .map(Method::getName)
          .forEach(functions::add);
    }
    functions.removeAll(names());
    functions.removeAll(moreNames());
    functions.removeAll(PARTS);
    functions.removeIf(name -> name.startsWith("scaleBy"));
    assertThat(functions).isEmpty();
  }

  /** The trainer gives the loss and gradients at other points to those that ask for them. */
  @ParameterizedTest
  @MethodSource("moreNames")
  void learnsInOneEpoch(String name) throws Exception {
    float accuracy =
        Digits.BUILT_IN.accuracy(
            model -> new GlissadeTrainer(model, Digits.config(), more().get(name)),
            name.equals("lars") ? 4 : 1); // its steps are small at first
    assertThat(accuracy).isGreaterThan(0.35f);
  }

  @ParameterizedTest
  @MethodSource("names")
  void learnsWithTheTrainer(String name) throws Exception {
    float accuracy =
        Digits.BUILT_IN.accuracy(
            model -> new GlissadeTrainer(model, Digits.config(), all().get(name)),
            name.equals("mechanize") ? 8 : 3); // its scale begins at 1e-6
    assertThat(accuracy).isGreaterThan(0.8f);
  }

  @ParameterizedTest
  @MethodSource("ofMeanGradients")
  void learnsByConfigurationAlone(String name) throws Exception {
    float byTrainer =
        Digits.BUILT_IN.accuracy(
            model -> new GlissadeTrainer(model, Digits.config(), all().get(name)), 1);
    float byConfiguration =
        Digits.BUILT_IN.accuracy(
            model -> {
              var optimizer = GlissadeOptimizer.of(model.getBlock(), all().get(name));
              return model.newTrainer(Digits.config().optOptimizer(optimizer));
            },
            1);
    if (name.equals("sam")) {
      // Only the trainer validates the parameters from before the climb.
      assertThat(byConfiguration).isGreaterThan(0.3f);
      assertThat(byTrainer).isGreaterThan(0.3f);
    } else {
      assertThat(byConfiguration).isEqualTo(byTrainer);
    }
  }

  @Test
  @Tag("slow")
  void prodigyAndSamAreAsGoodAsAdam() throws Exception {
    Map<String, Double> accuracies = Digits.BUILT_IN.accuracies(30, 3);
    double adam = accuracies.get("adam");
    assertThat(adam).isGreaterThan(0.95);
    assertThat(accuracies).hasSize(4);
    assertThat(accuracies.values()).allSatisfy(a -> assertThat(a).isGreaterThan(adam - 0.01));
  }

  /** Images of 6x6: bright on the left is class 0, on the right class 1. */
  private static void write(Path folder, String part, int images) throws IOException {
    ByteBuffer pixels = ByteBuffer.allocate(16 + 36 * images);
    pixels.putInt(0x803).putInt(images).putInt(6).putInt(6);
    ByteBuffer labels = ByteBuffer.allocate(8 + images);
    labels.putInt(0x801).putInt(images);
    for (int i = 0; i < images; i++) {
      labels.put((byte) (i % 2));
      for (int pixel = 0; pixel < 36; pixel++) {
        boolean right = pixel % 6 >= 3;
        pixels.put((byte) (right == (i % 2 == 1) ? 200 + i % 50 : i % 60));
      }
    }
    Files.write(folder.resolve(part + "-images-idx3-ubyte"), pixels.array());
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  @Test
  void aFolderInTheMnistLayoutIsTakenToo(@TempDir Path folder) throws Exception {
    write(folder, "train", 256);
    write(folder, "t10k", 64);
    Digits images = new Digits(Datasets.read(folder).split(0));
    assertThat(images.accuracy(images.trainers(10).get("prodigy"), 10)).isGreaterThan(0.9f);
  }
}
