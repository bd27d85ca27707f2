using Lanyard.Checkpoints;
using static TorchSharp.torch;

namespace Lanyard.Testing.Weights;

/// <summary>Tensors that a model takes whole, and others for the same names.</summary>
/// <param name="label">What they are, for messages.</param>
/// <param name="first">The tensors.</param>
/// <param name="second">The others.</param>
internal sealed class WeightSet(string label, Dictionary<string, Tensor> first, Dictionary<string, Tensor> second)
{
    /// <summary>What they are, for messages.</summary>
    public string Label { get; } = label;

    public Dictionary<string, Tensor> First { get; } = first;

    public Dictionary<string, Tensor> Second { get; } = second;

    /// <summary>The format in which each parameter comes that has it; null where the tensors tell.</summary>
    public string? Format { get; init; }

    /// <summary>Where the first tensors come from; null where they are in memory alone.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Whether any of them may be codes.</summary>
    public bool IsEncoded { get; init; }

    // Random tensors have the names that are stated without a convention.
    private LoadOptions Options => new() { KeepCodes = IsEncoded, Format = Format, Convention = Checkpoint is null ? "" : null };

    /// <summary>Loads the first tensors into a model that was just made.</summary>
    public void Load(MadeModel model)
    {
        if (Checkpoint is null) _ = Refit(model, First, RefitMode.InPlace);
        else _ = LoadPlan.Create(model.Module, Checkpoint, Options).Execute();
    }

    /// <summary>Brings all of some tensors.</summary>
    public LoadReport Refit(MadeModel model, Dictionary<string, Tensor> tensors, RefitMode mode) => Refit(model, tensors, tensors.Keys, mode, RefitScope.Whole);

    /// <summary>Brings some of some tensors, and leaves the rest.</summary>
    public LoadReport Refit(MadeModel model, Dictionary<string, Tensor> tensors, IEnumerable<string> names, RefitMode mode) => Refit(model, tensors, names, mode, RefitScope.Subset);

    private LoadReport Refit(MadeModel model, Dictionary<string, Tensor> tensors, IEnumerable<string> names, RefitMode mode, RefitScope scope)
    {
        using var refit = model.Module.BeginRefit(mode, scope, Options);
        foreach (var name in names) refit.Write(name, tensors[name]);
        return refit.Commit();
    }
}
