using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class DeclareParameterFixTests
{
    [Fact]
    public Task A_field_becomes_a_parameter() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Norm : Module<Tensor, Tensor>
        {
            // One for each channel.
            private readonly Parameter {|LANY0024:_scale|} = new Parameter(torch.ones(4));

            public Norm() : base("norm") => RegisterComponents();

            public override Tensor forward(Tensor input) => input * _scale + this._scale.sum();
        }
        """,
        """
        [ParameterModule]
        public sealed partial class Norm : Module<Tensor, Tensor>
        {
            // One for each channel.
            [Parameter("scale_size")]
            [FromCheckpoint("scale", "scale_size")]
            public partial Parameter Scale { get; private set; }

            [Axis] public int ScaleSize => 4;

            public Norm() : base("norm") => RegisterComponents();

            public override Tensor forward(Tensor input) => input * Scale + Scale.sum();
        }
        """);

    [Fact]
    public Task A_property_that_a_constructor_assigns_does() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Router : Module<Tensor, Tensor>
        {
            public Router(int experts, long hidden) : base("router")
            {
                Experts = experts;
                Weight = nn.Parameter(zeros(experts, hidden), requires_grad: false);
                CreateParameters();
            }

            [Axis(Shard.Expert)] public int Experts { get; }

            public Parameter {|LANY0024:Weight|} { get; }

            public override Tensor forward(Tensor input) => functional.linear(input, Weight);
        }
        """,
        """
        [ParameterModule]
        public sealed partial class Router : Module<Tensor, Tensor>
        {
            public Router(int experts, long hidden) : base("router")
            {
                Experts = experts;
                WeightIn = hidden;
                CreateParameters();
            }

            [Axis(Shard.Expert)] public int Experts { get; }

            [Parameter("experts weight_in")]
            [FromCheckpoint("weight", "experts weight_in")]
            public partial Parameter Weight { get; private set; }

            [Axis] public long WeightIn { get; }

            public override Tensor forward(Tensor input) => functional.linear(input, Weight);
        }
        """);

    [Fact]
    public Task So_does_one_of_three_dimensions() => Fixed(
        """
        [ParameterModule]
        public sealed partial class Conv : Module<Tensor, Tensor>
        {
            private Parameter {|LANY0024:kernel|} = new(zeros([8, 4, 3], dtype: ScalarType.Float32));

            public Conv() : base("conv") => RegisterComponents();

            public override Tensor forward(Tensor input) => functional.conv1d(input, kernel);
        }
        """,
        """
        [ParameterModule]
        public sealed partial class Conv : Module<Tensor, Tensor>
        {
            [Parameter("kernel_size0 kernel_size1 kernel_size2")]
            [FromCheckpoint("kernel", "kernel_size0 kernel_size1 kernel_size2")]
            public partial Parameter Kernel { get; private set; }

            [Axis] public int KernelSize0 => 8;

            [Axis] public int KernelSize1 => 4;

            [Axis] public int KernelSize2 => 3;

            public Conv() : base("conv") => RegisterComponents();

            public override Tensor forward(Tensor input) => functional.conv1d(input, Kernel);
        }
        """);

    [Theory]
    [InlineData("private Tensor {|LANY0024:_mask|} = zeros(2);")]
    [InlineData("private Parameter {|LANY0024:_w|} = Make(); static Parameter Make() => new(zeros(2));")]
    [InlineData("private Parameter {|LANY0024:_w|} = new(zeros(2)); void Change() => _w = new(zeros(3));")]
    [InlineData("private Parameter {|LANY0024:_w|} = new(zeros(2)); ref Parameter Change() => ref _w;")]
    [InlineData("private Parameter? {|LANY0024:_w|} = new(zeros(2));")]
    [InlineData("private Parameter {|LANY0024:_w|} = new(zeros(2)); int W => 2;")]
    [InlineData("private static Parameter {|LANY0024:s_w|} = new(zeros(2));")]
    public Task Nothing_is_offered_where_the_result_would_not_be_the_same(string members)
    {
        var code = $"[ParameterModule] public sealed partial class Head : Module {{ public Head() : base(\"h\") => RegisterComponents(); {members} }}";
        return Fixed(code, code);
    }

    private static Task Fixed(string before, string after) => Verify.CodeFix<HeldTensorAnalyzer, DeclareParameterFix>(before, after);
}
