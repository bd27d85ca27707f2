using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes what TorchSharp would do by reflection: registration, and conversion to a type or a device.</summary>
internal static class ConversionEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        writer.Lines("/// <inheritdoc/>");
        writer.Lines("protected override void RegisterComponents() => Parameters.EndConstruction();");
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block("""
            protected override void _toEpilog(
                global::TorchSharp.torch.ScalarType? dtype,
                global::TorchSharp.torch.Device? device,
                bool non_blocking)
            """, () =>
        {
            writer.Lines("""
                RegisterComponents();
                using var moving = global::Lanyard.ModuleMoves.Begin(this);
                foreach (var (_, child) in named_children()) global::Lanyard.ModuleMoves.To(child, dtype, device, non_blocking);
                Parameters.Move(dtype, device, Convert);
                global::Lanyard.ModuleMoves.Others(_internal_params, Map.Module, parameter => Convert(parameter, dtype));
                global::Lanyard.ModuleMoves.Buffers(_internal_buffers, ConvertBuffer);
                if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);

                global::TorchSharp.Modules.Parameter Convert(global::TorchSharp.Modules.Parameter parameter, global::TorchSharp.torch.ScalarType? type) =>
                    ReplaceParameter(type, device, parameter, out var moved) ? moved! : parameter;

                """);
            ConvertBuffer(writer, module);
        });
        writer.Lines("");
    }

    // TorchSharp disposes the old buffer, so that whoever holds it has to be given the new one.
    private static void ConvertBuffer(CodeWriter writer, ModuleModel module)
    {
        var head = (module.UsesForbidden ? ModuleEmitter.Obsolete : "") + "global::TorchSharp.torch.Tensor ConvertBuffer(global::TorchSharp.torch.Tensor buffer)";
        if (module.Tensors.Count == 0)
        {
            writer.Lines(head + " =>\n    ReplaceBuffer(dtype, device, buffer, out var moved) ? moved! : buffer;");
            return;
        }
        writer.Block(head, () =>
        {
            writer.Lines("if (!ReplaceBuffer(dtype, device, buffer, out var moved)) return buffer;");
            foreach (var tensor in module.Tensors.Select(Identifiers.Escape))
                writer.Lines($"if (ReferenceEquals(this.{tensor}, buffer)) this.{tensor} = moved!;");
            writer.Lines("return moved!;");
        });
    }
}
