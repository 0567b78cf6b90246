package dev.glissade.djl;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.PairList;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/**
 * Puts the parameters to evaluate into the model before the listeners of a configuration save or
 * evaluate it.
 */
final class EvalParamsListener extends TrainingListenerAdapter {

  /** A configuration with this listener before its own. */
  private record Config(TrainingConfig config, TrainingListener first) implements TrainingConfig {
    @Override
    public Device[] getDevices() {
      return config.getDevices();
    }

    @Override
    public PairList<Initializer, Predicate<Parameter>> getInitializers() {
      return config.getInitializers();
    }

    @Override
    public Optimizer getOptimizer() {
      return config.getOptimizer();
    }

    @Override
    public Loss getLossFunction() {
      return config.getLossFunction();
    }

    @Override
    public ExecutorService getExecutorService() {
      return config.getExecutorService();
    }

    @Override
    public List<Evaluator> getEvaluators() {
      return config.getEvaluators();
    }

    /** Returns a view, since listeners may be added to a configuration that is in use. */
    @Override
    public List<TrainingListener> getTrainingListeners() {
      List<TrainingListener> others = config.getTrainingListeners();
      return new AbstractList<>() {
        @Override
        public TrainingListener get(int i) {
          return i == 0 ? first : others.get(i - 1);
        }

        @Override
        public int size() {
          return others.size() + 1;
        }
      };
    }
  }

  /** Returns the configuration with such a listener before its own. */
  static TrainingConfig before(TrainingConfig config) {
    return new Config(config, new EvalParamsListener());
  }

  @Override
  public void onEpoch(Trainer trainer) {
    ((GlissadeTrainer) trainer).showEvalParamsUnlessRecording();
  }
}
