namespace Lanyard.Generator.Tests;

/// <summary>Classes that authors would write.</summary>
internal static class Sources
{
    public const string Experts = """
        namespace Models;

        [ParameterModule]
        public sealed partial class Experts : Module<Tensor, Tensor>
        {
            [Axis("gate", "up")] private const int Proj = 2;

            public Experts(int count) : base(nameof(Experts))
            {
                (Count, Intermediate, Hidden) = (count, 40, 64);
                CreateParameters();
                RegisterComponents();
            }

            [Axis(Shard.Expert)] public int Count { get; }
            [Axis(Shard.Tensor)] public int Intermediate { get; }
            [Axis] public int Hidden { get; }

            /// <summary>Gate and up projections of every expert.</summary>
            [Parameter("count (proj intermediate) hidden")]
            [FromCheckpoint("gate_up_proj", "count hidden (proj intermediate)")]
            [FromCheckpoint("{count}.{proj}_proj.weight", "intermediate hidden", Format = "per-expert")]
            public partial Parameter W13Weight { get; private set; }

            [Parameter("count hidden intermediate")]
            [FromCheckpoint("down_proj", "count intermediate hidden")]
            [FromCheckpoint("{count}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
            public partial Parameter W2Weight { get; private set; }

            [PostLoad(Undo = nameof(Unpad))]
            private void PadForKernel() => W2Weight = new Parameter(functional.pad(W2Weight, [0, 88]), requires_grad: false);

            private void Unpad() => W2Weight = new Parameter(W2Weight[TensorIndex.Ellipsis, TensorIndex.Slice(0, Intermediate)], requires_grad: false);

            public override Tensor forward(Tensor input) => functional.linear(input, W13Weight[0]);
        }
        """;

    public const string Places = """
        namespace Models;

        [ParameterModule]
        public sealed partial class Places : Module
        {
            [Axis("gate", "up")] private const int Proj = 2;

            public Places() : base(nameof(Places)) => CreateParameters();

            [Axis] public int Heads => 4;

            [Parameter("(q: heads + k: heads + v: heads)", Absent = 0)]
            [FromCheckpoint("q_proj.bias", "heads", Part = "q")]
            [FromCheckpoint("qkv.bias", "(q: heads + k: heads)", Format = "fused")]
            [Constant("k", 0, Format = "")]
            [Constant("v", -0.5)]
            public partial Parameter Bias { get; private set; }

            [Parameter("proj", Absent = 1)]
            [FromCheckpoint("scale", "", Repeat = "proj", Shared = true)]
            public partial Parameter Scale { get; private set; }

            [Axis] public int Shards => 3;

            [Parameter("heads")]
            [FromCheckpoint("table.{shards}", "heads", Joined = "heads")]
            public partial Parameter Table { get; private set; }

            [Parameter("", Absent = -1)]
            [FromCheckpoint("scale", "", Shared = true)]
            public partial Parameter Other { get; private set; }
        }
        """;

    public const string Tree = """
        namespace Models;

        [ParameterModule]
        [CheckpointPrefix("language_model.")]
        [CheckpointPrefix("model.", Convention = "old")]
        [Ignore("vision_model.**", Optional = true)]
        [Ignore("**.inv_freq")]
        [Ignore("head.**", When = nameof(IsUntied))]
        [Ignore("layers.{}.**", Numbers = nameof(Ahead), Optional = true)]
        [CheckpointAlias("lm_head.weight", "embed.weight")]
        public partial class Model : Module<Tensor, Tensor>
        {
            public Model(bool tied) : base(nameof(Model))
            {
                IsUntied = !tied;
                Layers = new ModuleList<Block>(new Block(), new Block());
                CreateParameters();
                RegisterComponents();
            }

            [Axis(Shard.Tensor, PadTo = 64)] public int Vocab { get; } = 107;
            [Axis] public long Hidden => 64;
            public bool IsUntied { get; }
            public int[] Ahead => IsUntied ? [2] : [];

            [Parameter("vocab hidden")]
            [FromCheckpoint("embed.weight", "vocab hidden")]
            public partial Parameter Embed { get; private set; }

            [Parameter("vocab hidden", When = nameof(IsUntied))]
            [FromCheckpoint("lm_head.weight", "vocab hidden")]
            public partial Parameter? LmHead { get; private set; }

            [CheckpointName("blk", Format = "gguf")] public ModuleList<Block> Layers { get; }
            public Block[] Extra { get; } = [];
            public IReadOnlyList<Block>? More { get; }
            [CheckpointName("feed_forward")] public Block? Dense { get; }
            [CheckpointName("", Format = "gguf"), CheckpointName("feed_forward"), CheckpointName("moe", Format = "other")] public Module? Sparse { get; }

            public override Tensor forward(Tensor input) => input;
        }

        [ParameterModule]
        public sealed partial class Block : Module<Tensor, Tensor>
        {
            public Block() : base(nameof(Block)) => RegisterComponents();
            public override Tensor forward(Tensor input) => input;
        }
        """;

    public const string Encoded = """
        [ParameterModule]
        public sealed partial class @class : Module<Tensor, Tensor>
        {
            public @class() : base("class") => CreateParameters();

            [Axis] public int Out => 256;
            [Axis] public int In => 128;

            [Parameter("out in", Kernel = "in pad(out, 128)")]
            [FromCheckpoint("weight", "out in", Scale = "weight_scale_inv", BlockSize = 128)]
            [FromCheckpoint("weight", "out in", Format = "plain", Cast = true)]
            public partial Parameter @event { get; private set; }

            [Parameter("out in")]
            [FromCheckpoint("w_blocks", "out in", Scale = "w_scales", Packing = Packing.Mxfp4)]
            public partial Parameter Packed { get; private set; }

            [Parameter("in", Type = ScalarType.Float32)]
            [FromCheckpoint("norm.weight", "in", Offset = 1)]
            public partial Parameter Norm { get; private set; }

            public override Tensor forward(Tensor input) => input;
        }
        """;

    /// <summary>Sources whose values are stored in encodings: published ones, and one of the author's own, with names that are taken.</summary>
    public const string Quantised = """
        using Lanyard.Published;

        namespace Models
        {
            [ParameterModule]
            public sealed partial class Quantised : Module<Tensor, Tensor>
            {
                public Quantised() : base(nameof(Quantised)) => CreateParameters();

                [Axis(Shard.Expert)] public int Experts => 4;
                [Axis(Shard.Tensor)] public int Out => 256;
                [Axis] public int In => 128;

                [Parameter("experts out in")]
                [FromCheckpoint("{experts}.up_proj.weight", "out in", Encoding = typeof(Fp8Block128))]
                [FromCheckpoint("{experts}.up_proj.qweight", "in out", Encoding = typeof(Gptq4Group128), Format = "gptq")]
                [FromCheckpoint("up_proj_blocks", "experts out in", Encoding = typeof(Mxfp4GptOss), Format = "mxfp4", Cast = true)]
                public partial Parameter Up { get; private set; }

                [Parameter("experts out in")]
                [FromCheckpoint("{experts}.gate_proj.weight", "out in", Encoding = typeof(Fp8Block128), Scale = "gate_proj.weight_scale_inv")]
                [FromCheckpoint("{experts}.gate_proj.qweight", "in out", Encoding = typeof(Awq4Group128), Format = "awq")]
                [FromCheckpoint("{experts}.gate_proj.weight", "out in", Encoding = typeof(Nf4Nested), Format = "nf4")]
                [FromCheckpoint("{experts}.gate_proj.codes", "out in", Encoding = typeof(Own.Fp8Block128), Format = "own")]
                [FromCheckpoint("{experts}.gate_proj.weight", "out in", Encoding = typeof(Own.Plain.Module), Format = "plain")]
                public partial Parameter Gate { get; private set; }

                public override Tensor forward(Tensor input) => input;
            }
        }

        namespace Own
        {
            [Codes("codes", CodeType.UInt, Bits = 3, Word = 16, Axis = -2)]
            [Companion("scale", "step \"a\"", "4 *")]
            [Value("(code - 4) * scale")]
            public static class Fp8Block128;

            public static class Plain
            {
                [Codes("weight", CodeType.Int), Value("code * 0.5")]
                public static class Module;
            }
        }
        """;

    public const string Nested = """
        namespace Models.@namespace;

        public partial interface IOuter<T> where T : class
        {
            public partial record struct Middle
            {
                [ParameterModule]
                internal partial class Inner<TItem> : Module<Tensor, Tensor> where TItem : Module<Tensor, Tensor>
                {
                    public Inner(TItem item) : base("Inner")
                    {
                        Item = item;
                        RegisterComponents();
                    }

                    [Axis] public int N => 2;
                    public TItem Item { get; }

                    [Parameter("n")]
                    [FromCheckpoint("w", "n")]
                    protected internal virtual partial Parameter W { get; private protected set; }

                    public override Tensor forward(Tensor input) => input;
                }
            }
        }
        """;

    public const string PostLoads = """
        namespace Models;

        [ParameterModule]
        public sealed partial class Derived : Module<Tensor, Tensor>
        {
            public Derived() : base(nameof(Derived)) => CreateParameters();

            [Axis] public int N => 2;

            [Parameter("n")][FromCheckpoint("a", "n")] public partial Parameter A { get; private set; }
            [Parameter("n")][FromCheckpoint("b", "n")] public partial Parameter B { get; private set; }
            [Parameter("n")] public partial Parameter C { get; private set; }
            [Parameter("n")] public partial Parameter D { get; private set; }

            [PostLoad]
            private void ReadsWhatOthersMake() => D = New(C);

            [PostLoad]
            private void MakesC() => C = New(Sum());

            [PostLoad]
            private void Scales()
            {
                (A, Scale) = (New(A * 2), 2);
                s_runs++;
            }

            private static int s_runs;

            public float Scale { get; private set; }

            private Tensor Sum() => A + B;
            private static Parameter New(Tensor value) => new(value.clone(), requires_grad: false);
            public override Tensor forward(Tensor input) => input;
        }
        """;

    /// <summary>What the others leave out: an inner class, names that hide, what is forbidden, buffers, properties that are assigned once.</summary>
    public const string Rare = """
        namespace Models;

        public class Between() : Module<Tensor, Tensor>("between")
        {
            public int Map() => 1;
            [Obsolete("use another", true)] public bool Has => true;
            public override Tensor forward(Tensor input) => input;
        }

        internal abstract partial class Rare : Between
        {
            [ParameterModule]
            internal sealed partial class Layer : Between
            {
                public Layer() => CreateParameters();

                [Axis] private const uint Rows = 2;
                [Axis("a", "b")] public static ulong Two => 2;
                [Axis(Shard.Expert, Replicate = true)] internal nuint Experts => 4;
                [Obsolete] public ModuleDict<Module<Tensor, Tensor>>? Named { get; private set; }
                public Tensor? Rope { get; set; }

                [Parameter("rows two")][FromCheckpoint("q: w", "rows two")] public partial Parameter Once { get; }
                [Parameter("experts rows", Kernel = "rows experts", Type = ScalarType.BFloat16)][FromCheckpoint("first", "experts rows")] internal partial Parameter Made { get; init; }
                [Parameter("rows", When = "Has")][FromCheckpoint("bias", "rows")] public partial Parameter? Bias { get; private set; }
                [Parameter("(a: rows + b: experts)")]
                [FromCheckpoint("a", "rows", Part = "a")]
                [FromCheckpoint("b", "experts", Part = "b")]
                public partial Parameter Merged { get; private set; }

                [PostLoad(Undo = nameof(Back))] private void There() => (Merged, _times) = (new Parameter(Merged.clone(), requires_grad: false), _times + 1);
                private int _times;
                [PostLoad] private static void Nothing() { }
                private void Back() => Merged = new Parameter(Merged.clone(), requires_grad: false);
            }
        }
        """;
}
