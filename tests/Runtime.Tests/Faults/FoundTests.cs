using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;

namespace Lanyard.Tests.Faults;

/// <summary>What changed checkpoints brought to light, one by one.</summary>
public sealed class FoundTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The JSON parser quotes what it cannot read: here the data behind a header whose length is wrong.
    [Fact]
    public void A_message_has_no_control_characters_of_the_file()
    {
        var file = TemporaryFolder.Pack("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,tru""", []);

        var e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Write("x.safetensors", [(byte)(file[0] + 3), .. file[1..], 1, 2, 3])));

        Assert.Contains("invalid JSON: 'tru\\u0001\\u0002\\u0003'", e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Fact]
    public void A_message_has_no_control_characters_of_a_name()
    {
        using var scene = new TinyScene();
        var names = new[] { "\u001b[31mred", "x\n  missing:       norm.weight" };

        var e = scene.Refused(scene.First.Concat(names.Select(name => KeyValuePair.Create(name, scene.First["norm.weight"]))));

        Assert.Equal(names.Order(StringComparer.Ordinal), e.Problems.Select(problem => problem.Tensor).Order(StringComparer.Ordinal));

        // A line for each, after the first and before what to do.
        Assert.Equal(4, e.Message.Split('\n').Length);
        Assert.DoesNotContain(e.Message, c => char.IsControl(c) && c is not '\n');
        Assert.Contains("\\u001b[31mred", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[9223372036854775807,2,0]", true)]
    [InlineData("[4294967296,4294967295,0]", true)]
    [InlineData("[0,9223372036854775807]", true)]
    [InlineData("[0,9223372036854775807,9223372036854775807]", false)]
    public void What_opens_can_be_viewed_though_it_is_empty(string shape, bool opens)
    {
        var path = _folder.Write("x.safetensors", TemporaryFolder.Pack($$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,0]}}""", []));
        if (!opens)
        {
            Assert.Contains("strides", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
            return;
        }
        using var checkpoint = Checkpoint.Open(path);
        using var view = checkpoint.View(checkpoint.Tensors["a"]);
        Assert.Equal(0, view.numel());
    }
}
