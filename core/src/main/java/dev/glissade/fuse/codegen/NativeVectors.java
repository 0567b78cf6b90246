package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;

/**
 * Loads and stores of vectors at an address, for JDK 17. Its vectors look up the limit, the scope,
 * the array and the address of a byte buffer each time, and the compiler does not move that out of
 * a loop: a step of Adam on memory outside of the heap then takes twice as long as on arrays. The
 * operation below does not, but is open only to programs that start with {@code --add-exports
 * java.base/jdk.internal.vm.vector=ALL-UNNAMED} (or {@code =dev.glissade.core}). So a loop checks
 * each buffer once, in {@link #address}, and accesses vectors from there.
 */
final class NativeVectors {
  private static final String SUPPORT = "jdk/internal/vm/vector/VectorSupport";
  private static final String SPECIES = SUPPORT + "$VectorSpecies";
  private static final String VECTOR = SUPPORT + "$Vector";
  private static final String LOAD = SUPPORT + "$LoadOperation";
  private static final String STORE = SUPPORT + "$StoreVectorOperation";
  private static final String BUFFER = "java/nio/ByteBuffer";
  private static final String OWN = "dev/glissade/fuse/codegen/NativeVectors";
  private static final String AT = "Ljava/lang/Class;Ljava/lang/Class;ILjava/lang/Object;J";

  /** Reads the address of a direct buffer; null if this JVM does not let us. */
  private static final @Nullable MethodHandle ADDRESS = isOpen() ? findAddress() : null;

  /** The access by buffer, for code that the compiler has not compiled yet. */
  static final @Nullable Object FLOATS = ADDRESS == null ? null : access("FloatVector");

  static final @Nullable Object DOUBLES = ADDRESS == null ? null : access("DoubleVector");

  /** Whether loops can access vectors at an address. */
  static final boolean AVAILABLE = FLOATS != null && DOUBLES != null;

  /** The classes of the preferred vectors: constants for the compiler. */
  static final @Nullable Class<?> FLOAT_VECTOR = AVAILABLE ? vectorType("FloatVector") : null;

  static final @Nullable Class<?> DOUBLE_VECTOR = AVAILABLE ? vectorType("DoubleVector") : null;

  private NativeVectors() {}

  /** Returns whether the operations are those of JDK 17, and this module may call them. */
  private static boolean isOpen() {
    if (!Object.class
        .getModule()
        .isExported("jdk.internal.vm.vector", NativeVectors.class.getModule())) {
      return false;
    }
    try {
      Class<?> support = Class.forName(SUPPORT.replace('/', '.'));
      Class<?> species = Class.forName(SPECIES.replace('/', '.'));
      Class<?> vector = Class.forName(VECTOR.replace('/', '.'));
      Class<?> load = Class.forName(LOAD.replace('/', '.'));
      Class<?> store = Class.forName(STORE.replace('/', '.'));
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> type = Class.class;
      Class<?> object = Object.class;
      lookup.findStatic(
          support,
          "load",
          MethodType.methodType(
              object, type, type, int.class, object, long.class, object, int.class, species, load));
      lookup.findStatic(
          support,
          "store",
          MethodType.methodType(
              void.class,
              type,
              type,
              int.class,
              object,
              long.class,
              vector,
              object,
              int.class,
              store));
      lookup.findVirtual(load, "load", MethodType.methodType(object, object, int.class, species));
      lookup.findVirtual(
          store, "store", MethodType.methodType(void.class, object, int.class, vector));
      return true;
    } catch (ReflectiveOperationException | LinkageError e) {
      return false;
    }
  }

  /** Returns sun.misc.Unsafe.getLong at the field of a buffer's address. */
  private static @Nullable MethodHandle findAddress() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Object one = instance.get(null);
      Field address = Buffer.class.getDeclaredField("address");
      Object offset = unsafe.getMethod("objectFieldOffset", Field.class).invoke(one, address);
      MethodType type = MethodType.methodType(long.class, Object.class, long.class);
      MethodHandle get =
          MethodHandles.publicLookup().findVirtual(unsafe, "getLong", type).bindTo(one);
      return MethodHandles.insertArguments(get, 1, offset)
          .asType(MethodType.methodType(long.class, ByteBuffer.class));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  private static @Nullable Class<?> vectorType(String vector) {
    try {
      Class<?> type = Class.forName("jdk.incubator.vector." + vector);
      Object species = type.getField("SPECIES_PREFERRED").get(null);
      return (Class<?>)
          Class.forName("jdk.incubator.vector.VectorSpecies")
              .getMethod("vectorType")
              .invoke(species);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the Vector API has changed", e);
    }
  }

  /** Generates the access by buffer; null if the virtual machine rejects it. */
  private static @Nullable Object access(String vector) {
    try {
      return MethodHandles.lookup()
          .defineHiddenClass(accessClass("jdk/incubator/vector/" + vector), true)
          .lookupClass()
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  private static byte[] accessClass(String vector) {
    String order = "Ljava/nio/ByteOrder;";
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    String[] interfaces = {LOAD, STORE};
    writer.visit(V17, ACC_FINAL | ACC_SUPER, OWN + "$Access", null, "java/lang/Object", interfaces);
    new Assembler(writer, 0, "<init>", "()V")
        .local(ALOAD, 0)
        .call(INVOKESPECIAL, "java/lang/Object", "<init>", "()V")
        .finish();
    Assembler load =
        new Assembler(
            writer, ACC_PUBLIC, "load", "(Ljava/lang/Object;IL" + SPECIES + ";)Ljava/lang/Object;");
    load.local(ALOAD, 3).cast("jdk/incubator/vector/VectorSpecies");
    load.local(ALOAD, 1).cast(BUFFER).local(ILOAD, 2);
    load.callStatic("java/nio/ByteOrder", "nativeOrder", "()" + order);
    String from = "(Ljdk/incubator/vector/VectorSpecies;L" + BUFFER + ";I" + order + ")L";
    load.callStatic(vector, "fromByteBuffer", from + vector + ";").finish(ARETURN, 0);
    Assembler store =
        new Assembler(writer, ACC_PUBLIC, "store", "(Ljava/lang/Object;IL" + VECTOR + ";)V");
    store.local(ALOAD, 3).cast(vector).local(ALOAD, 1).cast(BUFFER).local(ILOAD, 2);
    store.callStatic("java/nio/ByteOrder", "nativeOrder", "()" + order);
    store.call(INVOKEVIRTUAL, vector, "intoByteBuffer", "(L" + BUFFER + ";I" + order + ")V");
    store.finish();
    writer.visitEnd();
    return writer.toByteArray();
  }

  /**
   * Returns the address of a direct buffer, for a loop over the elements from one index to another.
   * Generated code calls this before each loop.
   *
   * @throws IndexOutOfBoundsException if the buffer has fewer elements
   * @throws IllegalStateException if the memory is closed by now
   */
  static long address(ByteBuffer buffer, int from, int to, int bytes) {
    Objects.checkFromToIndex(from, to, buffer.limit() / bytes);
    if (from < to) {
      buffer.get(from * bytes);
    }
    try {
      return (long) Objects.requireNonNull(ADDRESS).invokeExact(buffer);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a buffer has no address", e);
    }
  }

  /** Emits a call of {@link #address}, and stores the address in a slot. */
  static void address(Assembler out, int array, int from, int to, int bytes, int slot) {
    out.local(ALOAD, array).local(ILOAD, from).local(ILOAD, to).push(bytes);
    out.callStatic(OWN, "address", "(L" + BUFFER + ";III)J").local(LSTORE, slot);
  }

  /** Emits code that keeps a buffer, and so its memory, alive until here. */
  static void keepAlive(Assembler out, int array) {
    String type = "(Ljava/lang/Object;)V";
    out.local(ALOAD, array).callStatic("java/lang/ref/Reference", "reachabilityFence", type);
  }

  /** A vector at an index of a buffer, whose address is in a slot. */
  record At(boolean single, int lanes, int array, int address, int index) {

    /** Pushes what both operations take first: where the vector is. */
    private void where(Assembler out) {
      String kind = single ? "FLOAT" : "DOUBLE";
      String box = single ? "java/lang/Float" : "java/lang/Double";
      out.field(GETSTATIC, OWN, kind + "_VECTOR", "Ljava/lang/Class;");
      out.field(GETSTATIC, box, "TYPE", "Ljava/lang/Class;").push(lanes).add(ACONST_NULL);
      out.local(LLOAD, address);
      offset(out).add(I2L, LADD);
    }

    /** Pushes what the access by buffer takes. */
    private Assembler buffer(Assembler out) {
      return offset(out.local(ALOAD, array));
    }

    private Assembler offset(Assembler out) {
      return out.local(ILOAD, index).add(single ? ICONST_2 : ICONST_3, ISHL);
    }

    private void operation(Assembler out, String type) {
      String name = single ? "FLOATS" : "DOUBLES";
      out.field(GETSTATIC, OWN, name, "Ljava/lang/Object;").cast(type);
    }

    /** Pushes the vector as an object of a class. */
    void load(Assembler out, String owner) {
      where(out);
      buffer(out);
      out.field(GETSTATIC, owner, "SPECIES_PREFERRED", "Ljdk/incubator/vector/VectorSpecies;");
      out.cast(SPECIES);
      operation(out, LOAD);
      String types = AT + "Ljava/lang/Object;IL" + SPECIES + ";L" + LOAD + ";";
      out.callStatic(SUPPORT, "load", "(" + types + ")Ljava/lang/Object;").cast(owner);
    }

    /** Stores the vector of a slot. */
    void store(Assembler out, int vector) {
      where(out);
      buffer(out.local(ALOAD, vector));
      operation(out, STORE);
      String types = AT + "L" + VECTOR + ";Ljava/lang/Object;IL" + STORE + ";";
      out.callStatic(SUPPORT, "store", "(" + types + ")V");
    }
  }
}
