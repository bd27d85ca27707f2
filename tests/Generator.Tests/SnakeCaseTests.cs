using Lanyard.Generator.Spelling;

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
    [InlineData("class", "class")]
    [InlineData("Conv2d", "conv2d")]
    [InlineData("WQ", "wq")]
    [InlineData("Fc1Out2", "fc1_out2")]
    [InlineData("A_B", "a_b")]
    [InlineData("__Two__Words_", "two_words")]
    [InlineData("Größe", "größe")]
    [InlineData("I18N", "i18_n")]
    [InlineData("_", "_")]
    public void Names_are_those_of_checkpoints(string name, string expected) => Assert.Equal(expected, SnakeCase.Of(name));
}
