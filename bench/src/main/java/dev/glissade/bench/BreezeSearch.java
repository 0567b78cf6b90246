package dev.glissade.bench;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.math.MutableInnerProductModule;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.FirstOrderMinimizer.ConvergenceReason;
import breeze.optimize.LBFGS;
import dev.glissade.LossFunction;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import scala.Option;
import scala.Some;
import scala.Tuple2;

/** Minimizes the same loss function by the L-BFGS of Breeze, which Spark's models are fitted by. */
final class BreezeSearch {
  private static final Class<?> GENERATED = generated();

  private BreezeSearch() {}

  /**
   * Returns the loss as Breeze wants it, an object of a generated class: Java can't implement the
   * interface, which has both {@code double apply(T)} and {@code Object apply(T)}, nor extend a
   * class that Scala compiled from it.
   */
  @SuppressWarnings("unchecked")
  private static DiffFunction<DenseVector<Object>> function(LossFunction loss) {
    Function<Object, Object> calculate = x -> calculated(loss, (DenseVector<Object>) x);
    try {
      return (DiffFunction<DenseVector<Object>>)
          GENERATED.getConstructor(Function.class).newInstance(calculate);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Tuple2<Object, Object> calculated(LossFunction loss, DenseVector<Object> x) {
    ValueAndGradients both = loss.valueAndGradients(Tree.of("w", Tensor.wrap(numbers(x))), 0);
    return new Tuple2<>(both.value(), vector(both.gradients().get("w").toDoubles()));
  }

  private static Class<?> generated() {
    String name = "dev/glissade/bench/BreezeLoss";
    String parent = "breeze/optimize/CachedDiffFunction";
    String function = "java/util/function/Function";
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, name, null, parent, null);
    writer.visitField(0, "calculate", "L" + function + ";", null, null);
    MethodVisitor init =
        writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(L" + function + ";)V", null, null);
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitInsn(Opcodes.ACONST_NULL); // what it would cache
    init.visitInsn(Opcodes.ACONST_NULL);
    init.visitMethodInsn(
        Opcodes.INVOKESPECIAL,
        parent,
        "<init>",
        "(Lbreeze/optimize/DiffFunction;Lbreeze/linalg/support/CanCopy;)V",
        false);
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitVarInsn(Opcodes.ALOAD, 1);
    init.visitFieldInsn(Opcodes.PUTFIELD, name, "calculate", "L" + function + ";");
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    MethodVisitor method =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC, "calculate", "(Ljava/lang/Object;)Lscala/Tuple2;", null, null);
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitFieldInsn(Opcodes.GETFIELD, name, "calculate", "L" + function + ";");
    method.visitVarInsn(Opcodes.ALOAD, 1);
    method.visitMethodInsn(
        Opcodes.INVOKEINTERFACE, function, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;", true);
    method.visitTypeInsn(Opcodes.CHECKCAST, "scala/Tuple2");
    method.visitInsn(Opcodes.ARETURN);
    method.visitMaxs(0, 0);
    writer.visitEnd();
    try {
      return MethodHandles.lookup().defineClass(writer.toByteArray());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends when no element of the gradient is larger than the bound. */
  private record Bounded(double bound)
      implements FirstOrderMinimizer.ConvergenceCheck<DenseVector<Object>> {
    @Override
    public Object initialInfo() {
      return "";
    }

    @Override
    public Option<ConvergenceReason> apply(
        FirstOrderMinimizer.State<DenseVector<Object>, ?, ?> state, Object info) {
      for (double each : numbers(state.grad())) {
        if (!(Math.abs(each) <= bound)) {
          return Option.empty();
        }
      }
      return new Some<>(FirstOrderMinimizer.GradientConverged$.MODULE$);
    }

    @Override
    public Object update(
        DenseVector<Object> newX,
        DenseVector<Object> newGradient,
        double newValue,
        FirstOrderMinimizer.State<DenseVector<Object>, ?, ?> state,
        Object info) {
      return info;
    }
  }

  /** Returns the loss at the minimum that it finds from zeros. */
  @SuppressWarnings("unchecked") // Breeze's vectors of Double are of Object for Java
  static double minimum(LossFunction loss, int columns, double bound, int memory) {
    MutableInnerProductModule<DenseVector<Object>, Object> space =
        (MutableInnerProductModule<DenseVector<Object>, Object>)
            (Object) DenseVector$.MODULE$.space_Double();
    LBFGS<DenseVector<Object>> minimizer = new LBFGS<>(new Bounded(bound), memory, space);
    DenseVector<Object> found = minimizer.minimize(function(loss), vector(new double[columns]));
    return loss.value(Tree.of("w", Tensor.wrap(numbers(found))), 0);
  }

  private static double[] numbers(DenseVector<Object> vector) {
    return (double[]) vector.data();
  }

  private static DenseVector<Object> vector(double[] numbers) {
    return DenseVector$.MODULE$.create(numbers, 0, 1, numbers.length);
  }
}
