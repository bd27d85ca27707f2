using Lanyard.Generator.Models;
using Lanyard.Generator.Parsing;

namespace Lanyard.Generator.Emit;

/// <summary>Writes what TorchSharp would do by reflection: registration, and conversion to a type or a device.</summary>
internal static class ConversionEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        writer.Lines("/// <inheritdoc/>");
        writer.Block("protected override void RegisterComponents()", () =>
        {
            foreach (var child in module.Children) Register(writer, child);
        });
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block("""
            protected override void _toEpilog(
                global::TorchSharp.torch.ScalarType? dtype,
                global::TorchSharp.torch.Device? device,
                bool non_blocking)
            """, () => writer.Lines("""
                RegisterComponents();
                foreach (var (_, child) in named_children()) global::Lanyard.ModuleMoves.To(child, dtype, device, non_blocking);
                Parameters.Move(dtype, parameter => ReplaceParameter(dtype, device, parameter, out var moved) ? moved! : parameter);
                foreach (var name in new global::System.Collections.Generic.List<string>(_internal_buffers.Keys))
                {
                    var (buffer, persistent) = _internal_buffers[name];
                    if (ReplaceBuffer(dtype, device, buffer, out var moved)) ConditionallyRegisterBuffer(name, moved!, persistent);
                }
                if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);
                """));
        writer.Lines("");
    }

    private static void Register(CodeWriter writer, ChildModel child)
    {
        var (property, name) = ($"this.{Identifiers.Escape(child.Property)}", Literals.Text(child.Name));
        if (child.Kind != ChildKind.List)
        {
            writer.Block($"if ({property} is {{ }} {Local(child)} && !_internal_submodules.ContainsKey({name}))", () => writer.Lines($"register_module({name}, {Local(child)});"));
            return;
        }
        // TorchSharp allows no dots in registered names; a list of its own would register as one module.
        var index = Local(child) + "Index";
        writer.Block($"if ({property} is {{ }} {Local(child)})", () =>
        {
            writer.Lines($"var {index} = 0;");
            writer.Block($"foreach (var item in {Local(child)})", () =>
            {
                writer.Lines($"var name = {Literals.Text(child.Name + "_")} + {index}++;");
                writer.Lines("if (!_internal_submodules.ContainsKey(name)) register_module(name, item);");
            });
        });
    }

    private static string Local(ChildModel child) => "child" + child.Property;
}
