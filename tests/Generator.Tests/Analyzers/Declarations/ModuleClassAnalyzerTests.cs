using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class ModuleClassAnalyzerTests
{
    [Theory]
    [InlineData("[ParameterModule] public static partial class {|LANY0002:Mlp|};")]
    [InlineData("[ParameterModule] public partial class {|LANY0002:Mlp|};")]
    [InlineData("[ParameterModule] public partial record {|LANY0002:Mlp|};")]
    [InlineData("[ParameterModule] file partial class {|LANY0002:Mlp|}() : Module(\"mlp\");")]
    [InlineData("file partial class Outer { [ParameterModule] public partial class {|LANY0002:Mlp|}() : Module(\"mlp\"); }")]
    [InlineData("[ParameterModule] public partial class Mlp() : Module(\"mlp\"); [ParameterModule] public partial class {|LANY0002:Wide|} : Mlp;")]
    public Task Fires(string source) => Verify.Analyzer<ModuleClassAnalyzer>(source);

    [Fact]
    public Task Stays_quiet_on_classes_with_an_unannotated_base() => Verify.Analyzer<ModuleClassAnalyzer>(
        """
        public abstract class Layer(string name) : Module<Tensor, Tensor>(name);
        [ParameterModule] public sealed partial class Mlp<T>() : Layer("mlp") { public override Tensor forward(Tensor input) => input; }
        internal partial record Outer { [ParameterModule] private partial class Inner() : Module("inner"); }
        """);
}
