using Lanyard.Generator.Models;
using Lanyard.Generator.Parsing;

namespace Lanyard.Generator.Emit;

/// <summary>Writes the implementing part of a property.</summary>
internal static class PropertyEmitter
{
    public static void Emit(CodeWriter writer, ParameterModel parameter, int index)
    {
        var type = "global::TorchSharp.Modules.Parameter" + (parameter.IsNullable ? "?" : "");
        var read = parameter.IsNullable ? "ReadOptional" : "Read";
        var storage = parameter.HasStorage;
        writer.Block($"{parameter.Modifiers}partial {type} {Identifiers.Escape(parameter.Property)}", () =>
        {
            foreach (var accessor in parameter.Accessors)
            {
                if (accessor.Keyword == "get")
                {
                    writer.Lines($"{accessor.Modifiers}get => Parameters.{read}({index}, {(storage ? "field" : "null")});");
                    continue;
                }

                var value = parameter.IsNullable ? "value!" : "value";
                var accepted = $"Parameters.Accept({index}, {value})";
                writer.Block($"{accessor.Modifiers}{accessor.Keyword}", () => writer.Lines(storage
                    ? $"field = {accepted};\nConditionallyRegisterParameter({Literals.Text(parameter.Name)}, field);"
                    : $"ConditionallyRegisterParameter({Literals.Text(parameter.Name)}, {accepted});"));
            }
        });
        writer.Lines("");
    }
}
