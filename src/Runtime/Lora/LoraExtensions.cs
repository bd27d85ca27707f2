using Lanyard.Index;
using Lanyard.Lora;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>Adapters of low rank, as PEFT writes them.</summary>
public static class LoraExtensions
{
    /// <summary>
    /// Loads an adapter as a tree of its own and puts it beside the products of a model, whose weights stay as they are. Where weights are fused, as query, key
    /// and value, and what a rank holds of them, the maps of the model say. The model may not run meanwhile.
    /// </summary>
    /// <param name="model">The base: the root of a loaded model.</param>
    /// <param name="folder">The folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="type">The type of the factors; null for that of the base, or float32 where the file has another.</param>
    /// <returns>The adapter, for the caller to dispose, which detaches it.</returns>
    /// <exception cref="LoraException">Lists every setting, module and tensor that cannot be used. Nothing is changed.</exception>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public static LoraAdapter AttachLora(this IParameterModule model, string folder, ScalarType? type = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var opened = new LoraFolder(folder);
        var (index, problems) = (ModelIndex.Of(model.Parameters), new List<LoraProblem>());
        var targets = opened.Targets(index, isBeside: true, problems);
        var adapter = opened.Load(index, targets, type, problems);
        adapter.Attach(targets, problems);
        if (problems.Count == 0) return adapter;
        adapter.Dispose();
        throw new LoraException(opened.Path, [.. problems]);
    }

    /// <summary>
    /// Adds an adapter to the weights of a model, W + scale B A, by a refit of those weights, so that whatever is made of them after a load is made again. What
    /// the weights were is kept, or read again from the checkpoint of the base, so that <see cref="LoraMerge.Undo"/> gives the old bits back.
    /// </summary>
    /// <param name="model">The base: the root of a loaded model.</param>
    /// <param name="folder">The folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="baseCheckpoint">The checkpoint of the base, where the weights are read from it; it has to be there for as long as the adapter is merged. Null: this rank's part of the weights is kept in main memory.</param>
    /// <returns>What is merged, for the caller to dispose, which frees what was kept and changes nothing.</returns>
    /// <exception cref="LoraException">Lists every setting, module and tensor that cannot be used. Nothing is changed.</exception>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    /// <exception cref="LoadException">The model does not take the merged weights.</exception>
    /// <exception cref="ModelStateException">The model is not loaded, or something else owns it.</exception>
    public static LoraMerge MergeLora(this IParameterModule model, string folder, string? baseCheckpoint = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var merge = new LoraMerge(model, baseCheckpoint);
        try
        {
            merge.Replace(folder);
            return merge;
        }
        catch
        {
            merge.Dispose();
            throw;
        }
    }
}
