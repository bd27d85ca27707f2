using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

public sealed class MapTests : IDisposable
{
    private static readonly LoadOptions Mapped = new() { Mode = LoadMode.Map };

    private readonly TinyScene _scene = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scene.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_stored_as_it_lies_is_mapped_and_the_rest_is_copied_with_the_same_bits()
    {
        using var copied = new TinyModel(_scene.Sizes);
        Assert.Equal(0, _scene.Load(_scene.First, copied).MappedBytes);

        var report = _scene.Load(_scene.First, options: Mapped);

        Assert.Equal(_scene.Bits(copied), _scene.Bits());
        Assert.Equal(Whole().Sum(tensor => tensor.numel() * 4), report.MappedBytes);
        Assert.InRange(report.MappedBytes, 1, report.Bytes - 1);
    }

    [Fact]
    public void The_file_need_not_outlive_a_refit_and_no_refit_reaches_it()
    {
        var path = _folder.At("model.safetensors");
        CheckpointWriter.Write(path, _scene.First.Select(tensor => (tensor.Key, tensor.Value)));
        var before = File.ReadAllBytes(path);
        using (var checkpoint = Checkpoint.Open(path)) LoadPlan.Create(_scene.Model, checkpoint, Mapped).Execute();
        var addresses = _scene.Addresses();

        _scene.Refit(_scene.Second, RefitMode.InPlace);
        Assert.Equal(before, File.ReadAllBytes(path));
        File.Delete(path);
        _scene.Refit(_scene.First, RefitMode.Staged);
        var first = _scene.Bits();
        _scene.Refit(_scene.Second, RefitMode.InPlace);

        using var expected = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.Second, expected);
        Assert.Equal(_scene.Bits(expected), _scene.Bits());
        Assert.NotEqual(first, _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
    }

    [Fact]
    public void Models_of_one_open_checkpoint_share_no_pages_that_they_write_to()
    {
        using var other = new TinyModel(_scene.Sizes);
        using var checkpoint = _scene.Stored(_scene.First);
        LoadPlan.Create(_scene.Model, checkpoint, Mapped).Execute();
        LoadPlan.Create(other, checkpoint, Mapped).Execute();
        var before = _scene.Bits(other);
        using var view = checkpoint.View(checkpoint.Tensors["norm.weight"]);

        _scene.Refit(_scene.Second, RefitMode.InPlace);

        Assert.Equal(before, _scene.Bits(other));
        Assert.Equal(_scene.First["norm.weight"], view);
    }

    [Fact]
    public void Another_type_is_copied()
    {
        using var model = new TinyModel(_scene.Sizes, type: ScalarType.BFloat16);
        Assert.Equal(0, _scene.Load(_scene.First, model, Mapped with { AllowNarrowing = true }).MappedBytes);
    }

    [Fact]
    public void Bytes_that_are_not_aligned_are_copied()
    {
        var path = _folder.At("model.safetensors");
        CheckpointWriter.Write(path, _scene.First.Select(tensor => (tensor.Key, tensor.Value)));
        var file = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToInt64(file);
        File.WriteAllBytes(path, TemporaryFolder.Pack(Encoding.UTF8.GetString(file, 8, length) + " ", file[(8 + length)..]));
        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(0, LoadPlan.Create(_scene.Model, checkpoint, Mapped).Execute().MappedBytes);

        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits());
    }

    [Fact]
    public void A_loaded_model_is_refitted_where_it_is()
    {
        _scene.Load(_scene.First);
        var addresses = _scene.Addresses();
        Assert.Equal(0, _scene.Load(_scene.Second, options: Mapped).MappedBytes);
        Assert.Equal(addresses, _scene.Addresses());
    }

    /// <summary>The tensors that are a parameter by themselves, in its own layout.</summary>
    private IEnumerable<Tensor> Whole() => _scene.First.Where(tensor => tensor.Key.EndsWith("norm.weight", StringComparison.Ordinal) || tensor.Key.EndsWith("o_proj.weight", StringComparison.Ordinal)).Select(tensor => tensor.Value);

    [Fact]
    public void Storage_that_tensors_of_another_format_are_written_to_is_not_given_away()
    {
        using var scope = NewDisposeScope();
        using var files = new TensorFiles();
        using var model = new Stacked();
        using var checkpoint = files.Stored(new Dictionary<string, Tensor> { ["0.weight"] = torch.ones(1 << 20), ["1.weight"] = torch.ones(1 << 20), ["weight"] = torch.ones(2, 1 << 20) });
        using var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Whole, new LoadOptions { Mode = LoadMode.Map });
        refit.Write(checkpoint);
        Assert.Equal(LoadProblemKind.MixedFormats, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
    }
}
