using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>
/// A published checkpoint is the files of an older one, and one file more with tensors that were trained again. The older files still have
/// the old tensors; the index sends those names to the new file.
/// </summary>
public sealed class OverlayFileTests : IDisposable
{
    private const string Old = "model-00001-of-00002.safetensors";
    private const string Overlay = "model-overlay.safetensors";

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public OverlayFileTests()
    {
        Write(Old, ("a", Scalar(1)), ("b", Scalar(2)), ("c", Scalar(3)));
        Write(Overlay, ("b", Scalar(20)));
        Index(("a", Old), ("b", Overlay), ("c", Old));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(LoadMode.Copy, true)]
    [InlineData(LoadMode.Copy, false)]
    [InlineData(LoadMode.Map, true)]
    [InlineData(LoadMode.Map, false)]
    public void Tensors_are_read_from_where_the_index_says(LoadMode mode, bool isOldAlike)
    {
        if (!isOldAlike) Write(Old, ("a", Scalar(1)), ("b", torch.full(4, 2f)), ("c", Scalar(3)));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using var model = new ThreeScalars();

        var report = LoadPlan.Create(model, checkpoint, new LoadOptions { Mode = mode }).Execute();

        Assert.Equal([1f, 20f, 3f], model.Values);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal(Overlay, checkpoint.Tensors["b"].File);
        Assert.Equal(12, checkpoint.TotalBytes);
        Assert.Equal(("b", Old), Assert.Single(checkpoint.PassedOver.Select(tensor => (tensor.Name, tensor.File))));
        Assert.Equal((3, 1), (report.Tensors, report.PassedOver.Length));
        Assert.Contains("; passed over: b;", report.ToString());
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_refit_reads_them_from_there_too(RefitMode mode)
    {
        using var model = new ThreeScalars();
        using (var checkpoint = Checkpoint.Open(_folder.Path))
        {
            using var refit = model.BeginRefit(mode);
            refit.Write(checkpoint);
            Assert.Equal(1, refit.Commit().PassedOver.Length);
        }
        Assert.Equal([1f, 20f, 3f], model.Values);
    }

    [Fact]
    public void What_the_index_does_not_name_is_passed_over_and_counted()
    {
        Write(Overlay, ("b", Scalar(20)), ("extra", Scalar(5)));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using var model = new ThreeScalars();

        Assert.Equal(2, LoadPlan.Create(model, checkpoint).Execute().PassedOver.Length);

        Assert.Equal([1f, 20f, 3f], model.Values);
        Assert.Equal(["b", "extra"], checkpoint.PassedOver.Select(tensor => tensor.Name).Order());
        Assert.Throws<ArgumentException>(() => checkpoint.View(checkpoint.PassedOver[0]));
    }

    [Fact]
    public void A_file_that_has_not_what_the_index_says_is_refused_though_another_has_it()
    {
        Write(Overlay, ("d", Scalar(20)));
        Assert.Equal([$"tensor \"b\" is in {Old}, the index says {Overlay}."], Refused());
    }

    [Fact]
    public void A_name_that_two_files_have_and_the_index_has_not_is_refused()
    {
        Write(Old, ("a", Scalar(1)), ("b", Scalar(2)), ("c", Scalar(3)), ("d", Scalar(4)));
        Write(Overlay, ("b", Scalar(20)), ("d", Scalar(5)));
        Assert.Equal([$"tensor \"d\" is in {Old} and in {Overlay}, but not in the index."], Refused());
    }

    [Fact]
    public void On_request_nothing_is_passed_over()
    {
        Write(Overlay, ("b", Scalar(20)), ("extra", Scalar(5)));
        Assert.Equal([$"tensor \"b\" is in {Old}, the index says {Overlay}.", $"tensor \"extra\" is in {Overlay}, but not in the index."], Refused(new CheckpointOptions { StrictIndex = true }));

        Write(Old, ("a", Scalar(1)), ("c", Scalar(3)));
        Write(Overlay, ("b", Scalar(20)));
        using var checkpoint = Checkpoint.Open(_folder.Path, new CheckpointOptions { StrictIndex = true });
        Assert.Empty(checkpoint.PassedOver);
    }

    private static Tensor Scalar(float value) => torch.tensor(value);

    private IReadOnlyList<string> Refused(CheckpointOptions? options = null) => Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path, options)).Problems;

    private void Write(string file, params (string Name, Tensor Value)[] tensors) => CheckpointWriter.Write(_folder.At(file), tensors);

    private void Index(params (string Name, string File)[] map) =>
        _folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes($$$"""{"weight_map":{{{{string.Join(',', map.Select(entry => $"\"{entry.Name}\":\"{entry.File}\""))}}}}}"""));
}
