package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Partition;
import dev.glissade.combine.Partition.PartitionState;
import dev.glissade.contrib.ScaleByMuon.Preconditioning;
import dev.glissade.optimizer.AdamW;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.WeightLayout;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Muon: momentum whose singular values are all brought close to 1, for the matrices of a model, and
 * AdamW for all other leaves (Jordan et al., "Muon: An Optimizer for Hidden Layers in Neural
 * Networks", 2024, https://kellerjordan.github.io/posts/muon/):
 *
 * <pre>{@code
 * u = -learningRate (sqrt(max(1, out / in)) orthogonal(g) + weightDecay x)      matrices
 * u = -adamLearningRate (adam(g) + adamWeightDecay x)                           others
 * }</pre>
 *
 * <p>where orthogonal(g) is the result of {@link ScaleByMuon}, adam(g) that of {@code scaleByAdam},
 * and out and in are the numbers of a layer's outputs and inputs. Embeddings and the last layer are
 * better left to AdamW: name the matrices by muonWeightDimensionNumbers. A consistentRms c
 * multiplies by c sqrt(max(in, out)) instead, so that updates have the root mean square c: with
 * 0.2, that of AdamW's updates, whose learning rate and decay then suit Muon as well (Liu et al.,
 * "Muon is Scalable for LLM Training", 2025, arXiv 2502.16982; the model is called Moonlight).
 *
 * <p><b>The factor needs the layout of weights</b>, in which frameworks differ: pass {@link
 * WeightLayout#OUT_IN} for those of PyTorch and DJL.
 *
 * <p>With a neuronBeta b it is NorMuon (Li et al., "NorMuon: Making Muon more efficient and
 * scalable", 2025, arXiv 2510.05491): the update of each output unit, whose norms Muon leaves
 * uneven, is divided by the root of its second moment. With o = orthogonal(g):
 *
 * <pre>{@code
 * v <- b v + (1 - b) mean of o^2 over the inputs       z = o / (sqrt(v) + eps)
 * u = -learningRate (c z / rms(z) + weightDecay x)     c = consistentRms, in the paper 0.2
 * }</pre>
 *
 * <p>and without consistentRms z has the norm of o and is multiplied by sqrt(max(1, out / in)), as
 * in the authors' program. rms is the root mean square of the leaf.
 *
 * <p>Differs from Optax as {@link ScaleByMuon} does, and in the arguments layout and neuronBeta.
 * State: that of a partition, with the labels muon (a chain of {@link ScaleByMuon.MuonState} and
 * others) and adam.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the orthogonalized momentum and the decay; read at count 0 at the
 *     first step
 * @param nsCoeffs the coefficients of the iterations
 * @param nsSteps the number of iterations, at least 1
 * @param beta decay of the momentum, in [0, 1)
 * @param eps added to the norm of a matrix, and to the root of AdamW's second moment, not negative
 * @param weightDecay decoupled weight decay of the matrices
 * @param weightDecayMask accepts the paths of the matrices that decay; null for all of them
 * @param muDtype the type in which the momentum and AdamW's first moment are stored; null for that
 *     of their arithmetic
 * @param nesterov whether to use Nesterov momentum, also in AdamW
 * @param adaptive whether to multiply by the dual norm, which depends on the gradients' size
 * @param preconditioning what bounds the singular values before the iterations
 * @param adamB1 decay of AdamW's first moment, in [0, 1)
 * @param adamB2 decay of AdamW's second moment, in [0, 1)
 * @param adamEpsRoot added under AdamW's root, not negative
 * @param adamWeightDecay AdamW's weight decay
 * @param adamLearningRate AdamW's learning rate; null for the same as that of the matrices
 * @param muonWeightDimensionNumbers chooses the matrices and their axes
 * @param consistentRms the root mean square of updates; null for the factor sqrt(max(1, out / in))
 * @param layout which axis of a leaf of two axes is the output, if no dimension numbers say so
 * @param neuronBeta NorMuon's decay of the second moments of output units, in [0, 1); null for none
 */
@Withers
public record Muon(
    Schedule learningRate,
    NsCoeffs nsCoeffs,
    int nsSteps,
    double beta,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> weightDecayMask,
    @Nullable DType muDtype,
    boolean nesterov,
    boolean adaptive,
    Preconditioning preconditioning,
    double adamB1,
    double adamB2,
    double adamEpsRoot,
    Schedule adamWeightDecay,
    @Nullable Schedule adamLearningRate,
    WeightDimensionNumbers muonWeightDimensionNumbers,
    @Nullable Double consistentRms,
    WeightLayout layout,
    @Nullable Double neuronBeta)
    implements GradientTransformation<PartitionState>, MuonWithers {
  private static final String MUON = "muon";
  private static final String ADAM = "adam";

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param nsCoeffs any coefficients
   * @param nsSteps at least 1; at most the number of triples, if there are several
   * @param beta in [0, 1)
   * @param eps finite and not negative
   * @param weightDecay any schedule
   * @param weightDecayMask any predicate, or null
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @param adaptive true or false
   * @param preconditioning any
   * @param adamB1 in [0, 1)
   * @param adamB2 in [0, 1)
   * @param adamEpsRoot finite and not negative
   * @param adamWeightDecay any schedule
   * @param adamLearningRate any schedule, or null
   * @param muonWeightDimensionNumbers any; {@code init} refuses axes that a leaf lacks
   * @param consistentRms positive and finite, or null
   * @param layout any layout
   * @param neuronBeta in [0, 1), or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Muon {
    nsCoeffs.requireFor(nsSteps);
    Check.decay("beta", beta);
    Check.notNegative("eps", eps);
    Check.decay("adamB1", adamB1);
    Check.decay("adamB2", adamB2);
    Check.notNegative("adamEpsRoot", adamEpsRoot);
    if (consistentRms != null) {
      Check.positive("consistentRms", consistentRms);
    }
    if (neuronBeta != null) {
      Check.decay("neuronBeta", neuronBeta);
    }
    ScaleByMuon.defaults().muDtype(muDtype);
  }

  /**
   * Returns Muon with the defaults of {@link ScaleByMuon#defaults}, adamB1 = 0.9, adamB2 = 0.999,
   * adamEpsRoot = 0, no weight decay, AdamW at the same learning rate and the factor sqrt(max(1,
   * out / in)).
   *
   * @param learningRate multiplies the orthogonalized momentum and the decay
   * @return the optimizer
   */
  public static Muon of(Schedule learningRate) {
    ScaleByMuon core = ScaleByMuon.defaults();
    return new Muon(
        learningRate,
        core.nsCoeffs(),
        core.nsSteps(),
        core.beta(),
        core.eps(),
        new ConstantSchedule(0),
        null,
        core.muDtype(),
        core.nesterov(),
        core.adaptive(),
        core.preconditioning(),
        0.9,
        0.999,
        0,
        new ConstantSchedule(0),
        null,
        core.weightDimensionNumbers(),
        null,
        core.layout(),
        null);
  }

  @Override
  public PartitionState initialState(Tree params) {
    return partition(params).initialState(params);
  }

  @Override
  public Step<PartitionState> step(Tree updates, PartitionState state, Tree params, Extras extras) {
    return partition(params).step(updates, state, params, extras);
  }

  /** Returns both optimizers, each for its leaves: which are matrices depends on their shapes. */
  private Partition partition(Tree params) {
    Structure structure = params.structure();
    ScaleByMuon core = core();
    Predicate<String> isMatrix = core.matrices(structure);
    Map<String, GradientTransformation<?>> parts = new LinkedHashMap<>();
    parts.put(ADAM, others());
    parts.put(MUON, Chain.of(links(core).toArray(GradientTransformation<?>[]::new)));
    return new Partition(parts, path -> isMatrix.test(path) ? MUON : ADAM);
  }

  private List<GradientTransformation<?>> links(ScaleByMuon core) {
    List<GradientTransformation<?>> links = new ArrayList<>();
    links.add(core);
    if (neuronBeta != null) {
      links.add(
          new ScaleByNeurons(neuronBeta, eps, muonWeightDimensionNumbers, layout, consistentRms));
    }
    if (neuronBeta == null || consistentRms == null) {
      links.add(new ScaleByShape(muonWeightDimensionNumbers, layout, consistentRms));
    }
    links.add(new AddDecayedWeights(weightDecay, weightDecayMask));
    links.add(ScaleByLearningRate.of(learningRate));
    return links;
  }

  private ScaleByMuon core() {
    return new ScaleByMuon(
        nsCoeffs,
        nsSteps,
        beta,
        eps,
        muDtype,
        nesterov,
        adaptive,
        preconditioning,
        muonWeightDimensionNumbers,
        layout);
  }

  private AdamW others() {
    return AdamW.of(adamLearningRate == null ? learningRate : adamLearningRate)
        .b1(adamB1)
        .b2(adamB2)
        .eps(eps)
        .epsRoot(adamEpsRoot)
        .muDtype(muDtype)
        .weightDecay(adamWeightDecay)
        .nesterov(nesterov);
  }
}
