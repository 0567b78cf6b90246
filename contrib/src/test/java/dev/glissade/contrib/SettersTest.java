package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Setters;
import dev.glissade.optimizer.Optimizers;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every component of every record of hyperparameters is set by its name. */
class SettersTest {
  static Stream<Record> records() {
    return Stream.of(
        Betas.DEFAULT,
        Contrib.cocob(),
        Contrib.dadaptAdamw(),
        Contrib.prodigy(),
        Contrib.mechanize(Optimizers.sgd(1)),
        Contrib.sam(Optimizers.sgd(1), Optimizers.sgd(0.1)),
        Contrib.differentiallyPrivateAggregate(1, 1, 0),
        Contrib.dpsgd(1, 1, 1, 0),
        Contrib.laprop(1),
        Contrib.scaleByLaprop(),
        Contrib.mars(1),
        Contrib.marsGradient(),
        Contrib.grokfastEma(),
        Contrib.ftrl(1),
        Contrib.cautious(Optimizers.sgd(1)),
        Contrib.addCautiousWeightDecay(1),
        Contrib.scheduleFree(Optimizers.sgd(1), 1),
        Contrib.scheduleFreeSgd(),
        Contrib.scheduleFreeAdamw(),
        Contrib.acprop(1),
        Contrib.scaleByAcprop(),
        Contrib.ademamix(1),
        Contrib.scaleByAdemamix(),
        Contrib.simplifiedAdemamix(1),
        Contrib.scaleBySimplifiedAdemamix(),
        Contrib.adopt(1),
        Contrib.scaleByAdopt(),
        new PowerOfCount(1),
        Contrib.madgrad(1),
        Contrib.scaleByMadgrad(count -> 1),
        Contrib.muon(1),
        Contrib.scaleByMuon(),
        Contrib.galore(1),
        Contrib.scaleByGalore(),
        Contrib.soap(1),
        Contrib.scaleBySoap(),
        NsCoeffs.DION,
        WeightDimensionNumbers.DEFAULT,
        DimensionNumbers.NONE,
        Contrib.dog(),
        Contrib.dowg(),
        Contrib.momo(),
        Contrib.momoAdam(),
        Contrib.reduceOnPlateau(),
        Contrib.sophia(1),
        Contrib.hutchinsonEstimatorDiagHessian(0),
        Contrib.asam(Optimizers.sgd(1)),
        Contrib.adaptiveNormalize(0),
        Contrib.stableAdamw(1),
        Contrib.adamMini(1),
        Contrib.splitRealAndImaginary(Optimizers.sgd(1)));
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyComponentIsSet(Record record) throws ReflectiveOperationException {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Setters.check(record, component);
    }
  }

  @Test
  void noRecordIsMissing() throws Exception {
    List<Class<?>> found = Setters.records(Contrib.class, List.of("dev.glissade.contrib"));
    assertThat(found).hasSizeGreaterThan(8);
    assertThat(records().map(Object::getClass)).containsAll(found);
  }

  @Test
  void betasAreSetByTwoNumbers() {
    assertThat(Contrib.prodigy().betas(0.5, 0.75).betas()).isEqualTo(new Betas(0.5, 0.75));
    assertThat(Contrib.prodigy().learningRate(0.5).learningRate().at(3)).isEqualTo(0.5);
    assertThat(Optimizers.sgd(1).momentum(1).momentum()).isEqualTo(1.0);
  }
}
