using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class DeclareLinearFixTests
{
    [Fact]
    public Task An_initializer_gives_the_sizes() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Head : Module<Tensor, Tensor>
        {
            public Head() : base("head") => RegisterComponents();

            /// <summary>The projection.</summary>
            public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3);

            public override Tensor forward(Tensor input) => Proj.call(input) + Proj.forward(this.Proj.call(input));
        }
        """,
        """
        [ParameterModule]
        public sealed partial class Head : Module<Tensor, Tensor>
        {
            public Head() : base("head") => RegisterComponents();

            /// <summary>The projection.</summary>
            [Parameter("proj_out proj_in")]
            [FromCheckpoint("proj.weight", "proj_out proj_in")]
            public partial Parameter ProjWeight { get; private set; }

            [Parameter("proj_out")]
            [FromCheckpoint("proj.bias", "proj_out")]
            public partial Parameter ProjBias { get; private set; }

            [Axis] public int ProjOut => 3;

            [Axis] public int ProjIn => 4;

            public override Tensor forward(Tensor input) => functional.linear(input, ProjWeight, ProjBias) + functional.linear(functional.linear(input, ProjWeight, ProjBias), ProjWeight, ProjBias);
        }
        """);

    [Fact]
    public Task A_constructor_assigns_the_sizes_that_are_no_axes_yet() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Mlp : Module<Tensor, Tensor>
        {
            public Mlp(int hidden, int intermediate) : base("mlp")
            {
                Hidden = hidden;
                Up = Linear(hidden, intermediate, hasBias: false);
                Down = new Projection(intermediate, hidden);
                CreateParameters();
                RegisterComponents();
            }

            [Axis] public int Hidden { get; }

            [CheckpointName("up_proj")]
            internal Linear {|LANY0048:Up|} { get; private set; }

            public Projection Down { get; }

            public override Tensor forward(Tensor input)
            {
                var rows = Up.weight.shape[0];
                return Down.call(Up.call(input)[TensorIndex.Ellipsis, ..(int)rows]);
            }
        }
        """ + Projection,
        """
        [ParameterModule]
        public sealed partial class Mlp : Module<Tensor, Tensor>
        {
            public Mlp(int hidden, int intermediate) : base("mlp")
            {
                Hidden = hidden;
                UpOut = intermediate;
                Down = new Projection(intermediate, hidden);
                CreateParameters();
                RegisterComponents();
            }

            [Axis] public int Hidden { get; }

            [Parameter("up_out hidden")]
            [FromCheckpoint("up_proj.weight", "up_out hidden")]
            internal partial Parameter UpWeight { get; private set; }

            [Axis] public int UpOut { get; }

            public Projection Down { get; }

            public override Tensor forward(Tensor input)
            {
                var rows = UpWeight.shape[0];
                return Down.call(functional.linear(input, UpWeight)[TensorIndex.Ellipsis, ..(int)rows]);
            }
        }
        """ + Projection);

    [Fact]
    public Task Two_axes_of_one_size_stay_two() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Square : Module<Tensor, Tensor>
        {
            public Square(long width) : base("square") => Proj = Linear(width, width, false);

            private Linear {|LANY0048:Proj|} { get; }

            public override Tensor forward(Tensor input) => Proj.call(input);
        }
        """,
        """
        [ParameterModule]
        public sealed partial class Square : Module<Tensor, Tensor>
        {
            public Square(long width) : base("square") => (ProjOut, ProjIn) = (width, width);

            [Parameter("proj_out proj_in")]
            [FromCheckpoint("proj.weight", "proj_out proj_in")]
            private partial Parameter ProjWeight { get; set; }

            [Axis] public long ProjOut { get; }

            [Axis] public long ProjIn { get; }

            public override Tensor forward(Tensor input) => functional.linear(input, ProjWeight);
        }
        """);

    [Fact]
    public Task Axes_that_are_there_need_no_assignment() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Head : Module<Tensor, Tensor>
        {
            public Head(int rows, int columns) : base("head")
            {
                (Rows, Columns) = (rows, columns);
                Proj = Linear(columns, rows);
                CreateParameters();
            }

            [Axis] public int Rows { get; }

            [Axis] public int Columns { get; }

            public Linear {|LANY0048:Proj|} { get; }

            public override Tensor forward(Tensor input) => nn.functional.silu(Proj.call(input));
        }
        """,
        """
        [ParameterModule]
        public sealed partial class Head : Module<Tensor, Tensor>
        {
            public Head(int rows, int columns) : base("head")
            {
                (Rows, Columns) = (rows, columns);
                CreateParameters();
            }

            [Axis] public int Rows { get; }

            [Axis] public int Columns { get; }

            [Parameter("rows columns")]
            [FromCheckpoint("proj.weight", "rows columns")]
            public partial Parameter ProjWeight { get; private set; }

            [Parameter("rows")]
            [FromCheckpoint("proj.bias", "rows")]
            public partial Parameter ProjBias { get; private set; }

            public override Tensor forward(Tensor input) => nn.functional.silu(functional.linear(input, ProjWeight, ProjBias));
        }
        """);

    [Theory]
    [InlineData("public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3); public object Other() => Proj;")]
    [InlineData("public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3); public void Set(Parameter value) => Proj.weight = value;")]
    [InlineData("public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3); public Tensor Run(Head other, Tensor x) => other.Proj.call(x);")]
    [InlineData("public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3); public int ProjWeight => 2;")]
    [InlineData("public Head(bool hasBias) : this() { Proj = Linear(4, 3, hasBias); } public Linear? {|LANY0048:Proj|} { get; }")]
    [InlineData("public Head(int n) : this() { Proj = Linear(n, 3); if (n > 4) Proj = Linear(n, 2); } public Linear? {|LANY0048:Proj|} { get; }")]
    [InlineData("public Head(int n) : this() { Proj = n > 2 ? Linear(n, 3) : Linear(n, 2); } public Linear? {|LANY0048:Proj|} { get; }")]
    [InlineData("public Head(int n) : base(\"h\") { CreateParameters(); Proj = Linear(n, n); } public Linear? {|LANY0048:Proj|} { get; }")]
    [InlineData("[CheckpointName(\"a\"), CheckpointName(\"b\", Format = \"f\")] public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3);")]
    [InlineData("private readonly Linear _proj = Linear(4, 3); public Linear {|LANY0048:Proj|} => _proj;")]
    [InlineData("public Conv1d {|LANY0048:Proj|} { get; } = Conv1d(2, 2, 2);")]
    public Task Nothing_is_offered_where_the_result_would_not_be_the_same(string members)
    {
        var code = $"[ParameterModule] public sealed partial class Head : Module {{ public Head() : base(\"h\") => RegisterComponents(); {members} }}";
        return Fixed(code, code);
    }

    private const string Projection = """


        [ParameterModule]
        public sealed partial class Projection : Module<Tensor, Tensor>
        {
            public Projection(int input, int output) : base("projection")
            {
                (In, Out) = (input, output);
                CreateParameters();
            }

            [Axis] public int In { get; }

            [Axis] public int Out { get; }

            [Parameter("out in")]
            [FromCheckpoint("weight", "out in")]
            public partial Parameter Weight { get; private set; }

            public override Tensor forward(Tensor input) => functional.linear(input, Weight);
        }
        """;

    private static Task Fixed(string before, string after) => Verify.CodeFix<TorchLayerAnalyzer, DeclareLinearFix>(before, after);
}
