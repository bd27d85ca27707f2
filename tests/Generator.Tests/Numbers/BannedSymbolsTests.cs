namespace Lanyard.Generator.Tests.Numbers;

/// <summary>The list that our own code and LANY0041 are held to is what the referenced TorchSharp says.</summary>
public sealed class BannedSymbolsTests
{
    private static readonly IReadOnlyList<string> Found = ScalarMakers.Find();

    [Fact]
    public void The_list_is_that_of_the_referenced_TorchSharp() =>
        new Snapshot(Path.Combine(Harness.Folder("RepositoryDirectory"), "src"), Environment.GetEnvironmentVariable, ".txt")
            .Matches(string.Concat(Found.Select(id => $"{id};its number may be freed while it is used: docs/numbers.md\n")), "BannedSymbols");

    [Theory]
    [InlineData("M:TorchSharp.Scalar.op_Implicit(System.Int32)~TorchSharp.Scalar")]
    [InlineData("M:TorchSharp.torch.Tensor.op_Addition(TorchSharp.torch.Tensor,TorchSharp.torch.Tensor)")]
    [InlineData("M:TorchSharp.torch.Tensor.op_Multiply(TorchSharp.torch.Tensor,System.Single)")]
    [InlineData("M:TorchSharp.torch.Tensor.add(TorchSharp.torch.Tensor)")]
    [InlineData("M:TorchSharp.torch.Tensor.square")]
    [InlineData("M:TorchSharp.TensorExtensionMethods.ToInt64(TorchSharp.torch.Tensor)")]
    [InlineData("M:TorchSharp.torch.nn.functional.leaky_relu(TorchSharp.torch.Tensor,System.Double,System.Boolean)")]
    public void What_makes_a_Scalar_within_is_found(string id) => Assert.Contains(id, Found);

    /// <summary>Who makes it names a method of the base class alone.</summary>
    [Theory]
    [InlineData("M:TorchSharp.torch.nn.LeakyReLU(System.Double,System.Boolean)")]
    [InlineData("M:TorchSharp.torch.jit.ScriptModule`1.forward(TorchSharp.torch.Tensor[])")]
    [InlineData("P:TorchSharp.Modules.Normal.variance")]
    public void What_does_later_or_elsewhere_is_found(string id) => Assert.Contains(id, Found);

    [Theory]
    [InlineData("M:TorchSharp.torch.Tensor.op_Multiply(TorchSharp.torch.Tensor,TorchSharp.torch.Tensor)")]
    [InlineData("M:TorchSharp.torch.Tensor.op_Multiply(TorchSharp.torch.Tensor,TorchSharp.Scalar)")]
    [InlineData("M:TorchSharp.torch.Tensor.add(TorchSharp.torch.Tensor,TorchSharp.Scalar)")]
    [InlineData("M:TorchSharp.torch.Tensor.clamp(TorchSharp.Scalar,TorchSharp.Scalar)")]
    [InlineData("M:TorchSharp.torch.nn.functional.linear(TorchSharp.torch.Tensor,TorchSharp.torch.Tensor,TorchSharp.torch.Tensor)")]
    public void What_makes_none_is_left_alone(string id)
    {
        Assert.NotNull(Microsoft.CodeAnalysis.DocumentationCommentId.GetFirstSymbolForDeclarationId(id, ScalarMakers.TorchSharp));
        Assert.DoesNotContain(id, Found);
    }

    [Fact]
    public void What_disposes_of_its_Scalar_after_the_call_is_left_alone() =>
        Assert.DoesNotContain(Found, id => id.StartsWith("M:TorchSharp.torch.nn.functional.hardshrink(", StringComparison.Ordinal));
}
