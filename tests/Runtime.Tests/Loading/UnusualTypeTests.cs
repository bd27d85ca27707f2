using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;

namespace Lanyard.Tests.Loading;

/// <summary>Files in which some tensors are of types that TorchSharp does not have, or that no parameter is stored with.</summary>
public sealed class UnusualTypeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PaddedRows _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("F4", 4, "F4, which is not decoded")]
    [InlineData("F6_E2M3", 6, "F6_E2M3, which is not decoded")]
    [InlineData("F6_E3M2", 6, "F6_E3M2, which is not decoded")]
    [InlineData("C64", 64, "C64, which is not decoded")]
    [InlineData("F8_E4M3FNUZ", 8, "F8_E4M3FNUZ")]
    [InlineData("F8_E5M2FNUZ", 8, "F8_E5M2FNUZ")]
    public void They_do_not_stop_the_rest_and_who_wants_one_is_told_its_type(string type, int bits, string found)
    {
        byte[] other = [.. Enumerable.Range(0, 8 * bits / 8).Select(i => (byte)(i + 1))], weight = new byte[3 * 5 * sizeof(float)];
        BitConverter.TryWriteBytes(weight.AsSpan(^4..), 7f);
        var path = _folder.Write("x.safetensors", TemporaryFolder.Pack(
            $$$"""{"o.x":{"dtype":"{{{type}}}","shape":[4,2],"data_offsets":[0,{{{other.Length}}}]},"m.weight":{"dtype":"F32","shape":[3,5],"data_offsets":[{{{other.Length}}},{{{other.Length + weight.Length}}}]}}""",
            [.. other, .. weight]));
        using (var checkpoint = Checkpoint.Open(path))
        {
            Assert.Equal(1, LoadPlan.Create(_model, checkpoint, below: "m.").Execute().PassedOver.Length);
            Assert.Equal(7f, _model.Weight[2, 4].item<float>());
            Assert.Equal((8, type), (checkpoint.Tensors["o.x"].ElementCount, checkpoint.Tensors["o.x"].DType.Text()));
            var bytes = new byte[other.Length - 1];
            checkpoint.Read(checkpoint.Tensors["o.x"], 1, bytes);
            Assert.Equal(other[1..], bytes);
        }

        // Of eight rows of five elements every type ends at a byte.
        var wanted = _folder.Write("y.safetensors", TemporaryFolder.Pack($$$"""{"weight":{"dtype":"{{{type}}}","shape":[8,5],"data_offsets":[0,{{{5 * bits}}}]}}""", new byte[5 * bits]));
        using var rows = new TinyProjection(8, 5);
        using (var checkpoint = Checkpoint.Open(wanted))
        {
            Assert.Equal(new LoadProblem(LoadProblemKind.WrongType, "weight", "weight", "F32", found), Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(rows, checkpoint)).Problems));
            using var refit = rows.BeginRefit();
            refit.Write(checkpoint);
            Assert.Contains(found, Assert.Throws<LoadException>(() => refit.Commit()).Message);
        }
    }

    [Theory]
    [InlineData("F4", 3, 2, "its shape [3] of F4 does not end at the end of a byte.")]
    [InlineData("F6_E2M3", 2, 2, "its shape [2] of F6_E2M3 does not end at the end of a byte.")]
    [InlineData("F6_E3M2", 8, 5, "its dtype F6_E3M2 and shape [8] take 6 bytes, its data_offsets [0, 5] hold 5.")]
    public void Sizes_are_checked_in_bits(string type, int elements, int bytes, string problem)
    {
        var path = _folder.Write("x.safetensors", TemporaryFolder.Pack($$$"""{"x":{"dtype":"{{{type}}}","shape":[{{{elements}}}],"data_offsets":[0,{{{bytes}}}]}}""", new byte[bytes]));
        Assert.EndsWith(problem, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message);
    }
}
