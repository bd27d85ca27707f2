using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A session that nobody ends locks its model; whoever is refused is told which, and since when.</summary>
public sealed class OpenSessionTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public OpenSessionTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(RefitMode.Staged, "a staged refit")]
    [InlineData(RefitMode.InPlace, "an in-place refit")]
    public void A_refit_is_named(RefitMode mode, string kind)
    {
        using var refit = _scene.Model.BeginRefit(mode);
        Named(kind, () => _scene.Model.BeginRefit());
        Named(kind, () => _scene.Model.Checksums());
        Named(kind, () => _scene.Model.to(ScalarType.BFloat16));
    }

    [Fact]
    public void So_are_an_export_checksums_and_a_load()
    {
        var runs = 0;
        string? kind = null;
        _scene.Experts.WhileUndone = () =>
        {
            Named(kind!, () => _scene.Model.BeginRefit());
            runs++;
        };
        kind = "checksums";
        _ = _scene.Model.Checksums();
        kind = "an export";
        var folder = Directory.CreateTempSubdirectory("lanyard-");
        _scene.Model.Export(folder.FullName);
        folder.Delete(recursive: true);
        Assert.Equal(2, runs);

        using var checkpoint = _scene.Stored(_scene.Second);
        LoadPlan.Create(_scene.Model, checkpoint).Execute(new Told(() => Named("a load", () => _scene.Model.BeginRefit())));
    }

    [Fact]
    public void Nothing_is_converted_where_one_module_below_a_foreign_container_is_owned()
    {
        var (first, second) = (new Handed(), new Handed());
        using var model = new TwoHanded(new Handed(), new Handed()) { Body = nn.Sequential(("0", first), ("1", second)) };
        model.Grow();
        model.InitialisedByHand();
        using (second.BeginRefit()) Named("a staged refit", () => model.to(ScalarType.BFloat16));
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        model.to(ScalarType.BFloat16);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.BFloat16, parameter.dtype));
    }

    private static void Named(string kind, Action action)
    {
        var message = Assert.Throws<ModelStateException>(action).Message;
        Assert.Matches($"belongs to {kind} that began at 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC, \\d+ s ago", message);
    }

    private sealed class Told(Action action) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => action();
    }
}
