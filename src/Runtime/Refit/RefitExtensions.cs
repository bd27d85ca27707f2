using System.ComponentModel;
using System.Runtime.CompilerServices;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using Lanyard.Updates;
using TorchSharp;

namespace Lanyard;

/// <summary>Bringing new weights to a live model.</summary>
public static class RefitExtensions
{
    /// <summary>Begins a refit of a module and everything below it. Names are those below the module.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <param name="mode">How the module is kept whole.</param>
    /// <param name="scope">What the refit must bring to be complete.</param>
    /// <param name="options">What the refit may do beside the declared map.</param>
    /// <returns>The session, for the caller to commit and to dispose.</returns>
    /// <exception cref="ModelStateException">A load, a refit, an export or checksums are under way of the module or a part of it.</exception>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other, or one module is in two places.</exception>
    public static RefitSession BeginRefit(this IParameterModule model, RefitMode mode = RefitMode.Staged, RefitScope scope = RefitScope.Whole, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var index = ModelIndex.Of(model.Parameters);
        AllocatedMemory.Check(index, options ?? LoadOptions.Default);
        return new RefitSession(index, mode, scope, options ?? LoadOptions.Default);
    }

    /// <summary>
    /// Refits one parameter from one checkpoint tensor: what vLLM writes as <c>param.weight_loader(param, tensor)</c>. The tensor
    /// takes effect with everything that depends on it, or not at all. What other tensors fill of the parameter keeps its weights.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="name">The tensor's name below the parameter's module: <c>down_proj</c>.</param>
    /// <param name="tensor">The tensor in checkpoint layout.</param>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="LoadException">The tensor does not fit, fills another parameter, or does not suffice.</exception>
    /// <exception cref="ArgumentException">As <see cref="RefitSession.Write(string, torch.Tensor)"/>.</exception>
    /// <exception cref="ModelStateException">A load, a refit, an export or checksums are under way, or a post-load method made another shape or type than before.</exception>
    public static LoadReport Load(this BoundParameter parameter, string name, torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        var index = ModelIndex.Of(parameter.Owner);
        if (index.Find(name).Tensor?.Uses.Exists(use => ReferenceEquals(use.Parameter.Bound, parameter)) != true)
            throw new LoadException("Nothing was changed.", [new LoadProblem(LoadProblemKind.Unexpected, name, parameter.Entry.Name, $"a source of {parameter}: {string.Join(", ", NameFolding.Shown(index.Tensors.Values.Where(tensor => tensor.Uses.Exists(use => ReferenceEquals(use.Parameter.Bound, parameter))).Select(tensor => tensor.Name)))}")]);
        using var refit = new RefitSession(index, RefitMode.Staged, RefitScope.Subset, LoadOptions.Default);
        refit.Write(name, tensor);
        return refit.Commit();
    }

    extension(BoundParameter parameter)
    {
        /// <summary>
        /// Whether <see cref="RefitSession.Patch(string, torch.Tensor, torch.Tensor)"/> takes elements of the parameter's tensors, as the parameter is now: those of one of its formats at
        /// least. Where it does not, <c>PatchRefusal</c> says why, and whole tensors are to be brought.
        /// </summary>
        /// <exception cref="InvalidOperationException">The module's own declarations contradict each other.</exception>
        public bool CanPatch => PatchCheck.Refusal(parameter) is null;

        /// <summary>Why no patch of the parameter's tensors works, as a sentence: post-load has replaced it, its codes are packed, it was never loaded. Null where one does.</summary>
        /// <exception cref="InvalidOperationException">The module's own declarations contradict each other.</exception>
        public string? PatchRefusal => PatchCheck.Refusal(parameter);
    }

    /// <summary>Refuses a module of a class without <see cref="ParameterModuleAttribute"/>, when it is compiled.</summary>
    [Obsolete(Unannotated.Message, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(-1)]
    public static RefitSession BeginRefit(this torch.nn.Module model, RefitMode mode = RefitMode.Staged, RefitScope scope = RefitScope.Whole, LoadOptions? options = null) => throw new NotSupportedException(Unannotated.Message);
}
