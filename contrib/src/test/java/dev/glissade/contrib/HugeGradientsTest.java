package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.HugeGradientsContract;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finite gradients of any size leave parameters and states finite. */
class HugeGradientsTest extends HugeGradientsContract {
  @Override
  protected Map<String, GradientTransformation<?>> scaleless() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("cocob", Contrib.cocob());
    all.put("laprop", Contrib.laprop(RATE));
    all.put("grokfast", Transforms.chain(Contrib.grokfastEma(), Optimizers.adam(RATE)));
    return all;
  }

  @Override
  protected Map<String, GradientTransformation<?>> others() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("dadapt", Contrib.dadaptAdamw());
    all.put("muon", Contrib.muon(RATE));
    all.put("galore", Contrib.galore(RATE));
    all.put("soap", Contrib.soap(RATE));
    all.put("mars", Contrib.mars(RATE));
    all.put("laprop b2 0", Contrib.laprop(RATE).b1(0).b2(0));
    all.put("grokfast sgd", Transforms.chain(Contrib.grokfastEma(), Optimizers.sgd(1e-20)));
    all.put("ftrl", Contrib.ftrl(RATE).l1(0.1));
    all.put("cautious", Contrib.cautious(Optimizers.adam(RATE)));
    all.put("dadapt b 0", Contrib.dadaptAdamw().betas(new Betas(0, 0)));
    all.put("prodigy", Contrib.prodigy());
    all.put("prodigy safe", Contrib.prodigy().safeguardWarmup(true).betas(new Betas(0, 0.5)));
    all.put("prodigy large", Contrib.prodigy().estimLr0(10));
    all.put("mechanize(adam)", Contrib.mechanize(Optimizers.adam(1.0)));
    all.put("mechanize(sgd)", Contrib.mechanize(Optimizers.sgd(1.0)));
    all.put(
        "sam",
        Contrib.sam(
            Optimizers.adam(RATE), Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05))));
    return all;
  }

  @Override
  protected Map<String, GradientTransformation<?>> forgetful() {
    Betas betas = new Betas(0.5, 0.5);
    return Map.of(
        "dadapt", Contrib.dadaptAdamw().betas(betas).estimLr0(1e-2),
        "prodigy", Contrib.prodigy().betas(betas).estimLr0(1e-2),
        "mechanize", Contrib.mechanize(Optimizers.adam(1.0).b1(0.5).b2(0.5)).sInit(1e-2));
  }
}
