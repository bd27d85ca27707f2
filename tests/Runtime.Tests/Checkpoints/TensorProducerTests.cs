using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checkpoints;

public sealed class TensorProducerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_those_of_tensors_that_are_there()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (string Name, Tensor Value)[] tensors = [.. Enumerable.Range(0, 7).Select(i => ($"t{i}", torch.randn(i, 3).to_type(i % 2 == 0 ? ScalarType.Float32 : ScalarType.BFloat16))), ("scalar", torch.tensor(4L))];

        CheckpointWriter.Write(_folder.At("a.safetensors"), tensors);
        CheckpointWriter.Write(_folder.At("b.safetensors"), tensors.Select(t => Of(t.Name, t.Value, () => t.Value.alias())));
        Assert.Equal(File.ReadAllBytes(_folder.At("a.safetensors")), File.ReadAllBytes(_folder.At("b.safetensors")));

        IReadOnlyList<string> names = CheckpointWriter.WriteDirectory(_folder.At("a"), tensors, maxFileBytes: 100);
        Assert.Equal(names, CheckpointWriter.WriteDirectory(_folder.At("b"), tensors.Select(t => Of(t.Name, t.Value, () => t.Value.alias())), maxFileBytes: 100));
        Assert.True(names.Count > 1);
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.At("a"), name)), File.ReadAllBytes(Path.Combine(_folder.At("b"), name))));
    }

    [Fact]
    public void Each_is_made_once_when_its_turn_comes_and_disposed_before_the_next()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<string> made = [];
        Tensor? last = null;
        TensorProducer Producer(string name) => new(name, CheckpointType.F32, [2], () =>
        {
            Assert.True(last is null || last.IsInvalid);
            made.Add(name);
            return last = torch.zeros(2);
        });
        IEnumerable<TensorProducer> producers = [Producer("b"), Producer("a"), Producer("c")];

        CheckpointWriter.WriteDirectory(_folder.At("out"), producers, maxFileBytes: 16);

        Assert.Equal(["a", "b", "c"], made);
        Assert.True(last!.IsInvalid);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 3, "F32 [3]")]
    [InlineData(ScalarType.BFloat16, 2, "BF16 [2]")]
    [InlineData(ScalarType.ComplexFloat32, 2, "no element type")]
    public void A_tensor_that_is_another_one_than_announced_is_refused(ScalarType type, long size, string found)
    {
        Tensor? made = null;
        CheckpointException error = Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(
            _folder.At("x.safetensors"), [new TensorProducer("w", CheckpointType.F32, [2], () => made = torch.zeros([size], dtype: type))]));
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.True(made!.IsInvalid);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void What_a_producer_throws_comes_through_and_leaves_no_file()
    {
        IEnumerable<TensorProducer> producers =
        [
            new("a", CheckpointType.F32, [2], () => torch.zeros(2)),
            new("b", CheckpointType.F32, [2], () => throw new InvalidOperationException("on purpose")),
        ];
        Assert.Equal("on purpose", Assert.Throws<InvalidOperationException>(() => CheckpointWriter.Write(_folder.At("x.safetensors"), producers)).Message);
        Assert.Equal("on purpose", Assert.Throws<InvalidOperationException>(() => CheckpointWriter.WriteDirectory(_folder.Path, producers, maxFileBytes: 8)).Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void What_cannot_be_written_is_listed_before_anything_is_made()
    {
        static Tensor Never() => throw new InvalidOperationException("made");
        IEnumerable<TensorProducer> producers =
        [
            new("a", CheckpointType.F32, [2], Never), new("a", CheckpointType.F32, [2], Never), new("b", CheckpointType.F32, [-2], Never),
            new("c", (CheckpointType)99, [2], Never), new("d", CheckpointType.F32, [2], null!), new("__metadata__", CheckpointType.F32, [2], Never),
        ];
        Assert.Equal(5, Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(_folder.At("x.safetensors"), producers)).Problems.Count);
    }

    private static TensorProducer Of(string name, Tensor value, Func<Tensor> make) => new(name, CheckpointTypes.FromScalarType(value.dtype), [.. value.shape], make);
}
