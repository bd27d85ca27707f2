using Lanyard.Generator.Models;

namespace Lanyard.Generator.Emit;

/// <summary>Writes what happens before TorchSharp frees the parameters of an instance.</summary>
internal static class DisposeEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        if (module.HasDispose) return;
        writer.Lines("""
            /// <inheritdoc/>
            protected override void Dispose(bool disposing)
            {
                using var end = disposing ? Parameters.EndUse() : null;
                base.Dispose(disposing);
            }

            """);
    }
}
