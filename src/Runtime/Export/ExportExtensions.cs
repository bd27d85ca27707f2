using System.ComponentModel;
using System.Runtime.CompilerServices;
using Lanyard.Export;
using Lanyard.Index;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard;

/// <summary>Writing a model out through the map that loads it.</summary>
public static class ExportExtensions
{
    /// <summary>
    /// Writes the weights of a loaded module, and of everything below it, as a checkpoint directory, from which the same class loads the
    /// same bits. Parameters in a kernel layout are taken back by the undo of their post-load methods, checked by running those once more, and put back as they were. Names are
    /// those below the module. A rank of several writes its slices, for <see cref="CheckpointMerge"/>; each rank needs a directory of
    /// its own.
    /// </summary>
    /// <remarks>
    /// The module is not changed, and passes go on; where an undo assigns a field, readers wait while it runs. A refit cannot begin meanwhile, and nobody else may write into the folder. Tensors are made one by one, so that no second copy of the weights is held.
    /// </remarks>
    /// <param name="model">The module.</param>
    /// <param name="directory">The folder; a checkpoint that is in it is replaced once the new one is whole, other files stay.</param>
    /// <param name="options">How to write; <see cref="ExportOptions.Default"/> where it is null.</param>
    /// <returns>What was written, and which tensors need not be what was loaded.</returns>
    /// <exception cref="ExportException">The model cannot be exported; everything that is in the way is listed.</exception>
    /// <exception cref="ModelStateException">The model was never loaded, is torn, or is being loaded, refitted or exported.</exception>
    /// <exception cref="InvalidOperationException">The indices that the rank holds cut a block of a tensor, so that it has no slice.</exception>
    /// <exception cref="ArgumentException">No parameter has the format, the type is not a floating-point type, or a key of the metadata is reserved.</exception>
    /// <exception cref="CheckpointException">A file cannot be written.</exception>
    public static ExportReport Export(this IParameterModule model, string directory, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        using var export = new ModelExport(ModelIndex.Of(model.Parameters), options ?? ExportOptions.Default);
        return export.Write(directory);
    }

    /// <summary>Refuses a module of a class without <see cref="ParameterModuleAttribute"/>, when it is compiled.</summary>
    [Obsolete(Unannotated.Message, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(-1)]
    public static ExportReport Export(this torch.nn.Module model, string directory, ExportOptions? options = null) => throw new NotSupportedException(Unannotated.Message);
}
