using Lanyard.Generator.Parsing;

namespace Lanyard.Generator.Tests;

public sealed class SnakeCaseTests
{
    [Theory]
    [InlineData("W13Weight", "w13_weight")]
    [InlineData("W2Weight", "w2_weight")]
    [InlineData("OWeight", "o_weight")]
    [InlineData("QkvProj", "qkv_proj")]
    [InlineData("HTTPServer", "http_server")]
    [InlineData("MLPLayer", "mlp_layer")]
    [InlineData("KVHeads", "kv_heads")]
    [InlineData("_experts", "experts")]
    [InlineData("A", "a")]
    [InlineData("already_snake", "already_snake")]
    [InlineData("HeadDim", "head_dim")]
    public void Names_are_those_of_checkpoints(string name, string expected) => Assert.Equal(expected, SnakeCase.Of(name));
}
