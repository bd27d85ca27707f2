using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>What nobody wrote is not read.</summary>
public sealed class NeverLoadedTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    private static Dictionary<string, Tensor> Weights => new() { ["norm"] = ones(6), ["parts.0.weight"] = ones(4, 3) };

    public void Dispose()
    {
        _files.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_parameter_that_was_never_loaded_is_not_read()
    {
        using var model = new TreeRoot(new TreePart());
        Action[] reads =
        [
            () => model.call(ones(1, 3)),
            () => _ = model.Norm,
            () => _ = model.Parts[0].Parameters.Weight.Value,
            () => model.get_parameter("norm"),
            () => model.parameters().Count(),
            () => model.state_dict(),
        ];
        foreach (var read in reads) Assert.Contains("LoadPlan.Create(model, checkpoint).Execute()", Assert.Throws<ModelStateException>(read).Message, StringComparison.Ordinal);

        var plan = LoadPlan.Create(model, _files.Stored(Weights));
        Assert.Contains("plan.Execute()", Assert.Throws<ModelStateException>(() => model.Norm).Message, StringComparison.Ordinal);
        plan.Execute();
        Assert.Equal(1f, model.Norm[0].ToSingle());
    }

    [Fact]
    public void So_is_one_of_a_part_that_came_later()
    {
        using var model = new TreeRoot(new TreePart());
        _files.Load(model, Weights);
        model.Parts.Add(new TreePart());
        Assert.Throws<ModelStateException>(() => model.Parts[1].call(ones(1, 3)));
    }

    [Fact]
    public void What_the_author_wrote_is_read()
    {
        using var filled = new FilledLayer();
        Assert.Throws<ModelStateException>(() => filled.Weight);
        filled.InitialisedByHand();
        Assert.Equal([1f, 1f, 1f], filled.Weight.data<float>().ToArray());

        using var handed = new Handed(new Parameter(full(4, 3, 2f), requires_grad: false));
        Assert.Equal(2f, handed.Weight[0, 0].ToSingle());

        using var meta = new TreePart(device: META);
        Assert.Equal(4, meta.Weight.shape[0]);
    }

    [Fact]
    public void What_post_load_makes_is_not_there_before_a_load()
    {
        using var filled = new FilledLayer().InitialisedByHand();
        Assert.Contains("post-load", Assert.Throws<ModelStateException>(() => filled.Sum).Message, StringComparison.Ordinal);
        _files.Load(filled, new Dictionary<string, Tensor> { ["weight"] = ones(3) });
        Assert.Equal(3f, filled.Sum.ToSingle());
    }

    [Fact]
    public void A_model_of_one_s_own_values_trains_and_is_exported()
    {
        using var model = new TreeRoot(new TreePart()).InitialisedByHand();
        foreach (var parameter in model.parameters())
        {
            nn.init.constant_(parameter, 0.5);
            parameter.requires_grad = true;
        }
        using var optimiser = optim.SGD(model.parameters(), 0.1);
        model.Parts[0].call(ones(2, 3)).sum().backward();
        optimiser.step();
        Assert.Equal(0.3f, model.Parts[0].Weight[0, 0].ToSingle(), 1e-6f);

        model.Export(_folder.FullName);
        using var again = new TreeRoot(new TreePart());
        using var checkpoint = Lanyard.Checkpoints.Checkpoint.Open(_folder.FullName);
        LoadPlan.Create(again, checkpoint).Execute();
        Assert.Equal(model.Parts[0].Weight.data<float>().ToArray(), again.Parts[0].Weight.data<float>().ToArray());
    }

    [Fact]
    public void Nothing_else_is_exported()
    {
        using var model = new TreeRoot(new TreePart());
        Assert.Contains("never loaded", Assert.Throws<ModelStateException>(() => model.Export(_folder.FullName)).Message, StringComparison.Ordinal);
    }
}
