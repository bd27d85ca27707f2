using System.Globalization;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes the parameter set: the map bound to an instance, and what the runtime needs of it.</summary>
internal static class EntriesEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        writer.Lines($"""/// <summary>The parameters of one <see cref="{module.Cref}"/>.</summary>""");
        writer.Block($"public {ModuleEmitter.Hide(module.Hiding, "ParameterEntries")}sealed class ParameterEntries : global::Lanyard.ParameterSet", () =>
        {
            writer.Lines($"""
                private readonly {module.Reference} _module;

                internal ParameterEntries({module.Reference} module)
                    : base({module.Reference}.Map.Module) => _module = module;
                """);
            for (var i = 0; i < module.Parameters.Count; i++)
            {
                var parameter = module.Parameters[i];
                writer.Lines($"""

                    /// <summary>The entry of {ModuleEmitter.Cref(module, parameter.Property)}, bound to the instance.</summary>
                    public {(parameter.HidesInEntries ? "new " : "")}global::Lanyard.BoundParameter {Identifiers.Escape(parameter.Property)} => this[{i}];
                    """);
            }
            var access = (module.UsesForbidden ? ModuleEmitter.Obsolete : "") + (module.SeesInternals ? "protected internal override" : "protected override");
            writer.Lines($"\n/// <inheritdoc/>\n{access} global::TorchSharp.Utils.OrderedDict<string, global::TorchSharp.Modules.Parameter> Registered => _module._internal_params;");
            writer.Lines($"\n/// <inheritdoc/>\n{access} global::TorchSharp.Utils.OrderedDict<string, global::TorchSharp.torch.nn.Module> RegisteredModules => _module._internal_submodules;");
            writer.Lines($"\n/// <inheritdoc/>\n{access} void OnDevice(global::TorchSharp.torch.Device device) => (_module._deviceType, _module._deviceIndex) = (device.type, device.index);");
            Children(writer, module, access);
            Exchange(writer, module, access);
            Registration(writer, module, access);
            Switch(writer, $"{access} void Assign(int index, global::TorchSharp.Modules.Parameter value)", "index", "base.Assign(index, value);", module.Parameters.Select(static (parameter, i) => (i, (string?)(parameter.IsSettable
                ? $"_module.{Identifiers.Escape(parameter.Property)} = value;"
                : $"_module.ConditionallyRegisterParameter({Literals.Text(parameter.Name)}, Accept(index, value));"))));
            Sizes(writer, module, access);
            Switch(writer, $"{access} void Run(int postLoad)", "postLoad", "base.Run(postLoad);", module.PostLoads.Select((method, i) => (i, (string?)$"{Target(module, method.IsStatic)}.{Identifiers.Escape(method.Method)}();")));
            Switch(writer, $"{access} void Undo(int postLoad)", "postLoad", "base.Undo(postLoad);", module.PostLoads.Select((method, i) => (i, method.Undo is { } undo ? $"{Target(module, method.IsUndoStatic)}.{Identifiers.Escape(undo)}();" : null)));
            Remember(writer, module, access);
            Conditions(writer, module, access);
            IgnoredNumbers(writer, module, access);
        });
    }

    private static void Children(CodeWriter writer, ModuleModel module, string access)
    {
        if (module.Children.Count == 0) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block($"{access} void VisitChildren(global::Lanyard.ChildVisitor visitor)", () =>
        {
            foreach (var child in module.Children)
                writer.Lines($"visitor.{(child.Kind == ChildKind.Single ? "Visit" : "VisitEach")}({Literals.Text(child.CheckpointName)}, _module.{Identifiers.Escape(child.Property)}{(child.Names.Count == 0 ? child.Numbers is null ? "" : ", null" : $", {Literals.Text(child.Name)}")}{(child.Numbers is { } numbers ? $", {Numbers(module, numbers)}" : "")});");
        });
    }

    private static void Exchange(CodeWriter writer, ModuleModel module, string access)
    {
        if (module.Children.Count == 0) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block($"{access} void ExchangeChildren(global::Lanyard.ChildExchange exchange)", () =>
        {
            foreach (var child in module.Children)
            {
                var property = $"_module.{Identifiers.Escape(child.Property)}";
                var setter = child.Kind == ChildKind.List ? "" : child.IsSettable ? $", value => {property} = value" : ", null";
                writer.Lines($"exchange.{(child.Kind == ChildKind.Single ? "Child" : "Each")}({Literals.Text(child.CheckpointName)}, {Literals.Text(child.Property)}, {property}{setter}{(child.Numbers is { } numbers ? $", {Numbers(module, numbers)}" : "")});");
            }
        });
    }

    private static void Registration(CodeWriter writer, ModuleModel module, string access)
    {
        if (module.Children.Count == 0) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block($"{access} void RegisterChildren()", () =>
        {
            foreach (var child in module.Children)
                writer.Lines($"global::Lanyard.ModuleChildren.{(child.Kind == ChildKind.List ? "RegisterEach" : "Register")}(_module, _module._internal_submodules, {Literals.Text(child.Name)}, _module.{Identifiers.Escape(child.Property)});");
        });
    }

    private static string Numbers(ModuleModel module, ListNumbersModel numbers)
    {
        var total = numbers.Total is null ? "" : ", " + Integer(numbers.Total);
        return numbers.Numbers is { } each ? $"global::Lanyard.ListNumbers.Of({Member(each)}{total})" : $"global::Lanyard.ListNumbers.From({(numbers.First is { } first ? Integer(first) : "0")}{total})";

        string Integer(MemberModel member) => $"checked((int){Member(member)})";

        string Member(MemberModel member) => $"{Target(module, member.IsStatic)}.{member.Name}";
    }

    private static void IgnoredNumbers(CodeWriter writer, ModuleModel module, string access)
    {
        if (module.Ignores.All(static ignore => ignore.Numbers is null)) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block($"{access} global::System.Collections.Generic.IReadOnlyList<int>? NumbersOf(int ignore) => ignore switch", () =>
        {
            foreach (var (ignore, i) in module.Ignores.Select(static (ignore, i) => (ignore, i)))
            {
                if (ignore.Numbers is { } numbers) writer.Lines(string.Format(CultureInfo.InvariantCulture, "{0} => {1}.{2},", i, Target(module, numbers.IsStatic), numbers.Name));
            }
            writer.Lines("_ => null,");
        }, "};");
    }

    private static void Sizes(CodeWriter writer, ModuleModel module, string access)
    {
        if (module.Axes.Count == 0) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block($"{access} long SizeOf(int axis) => axis switch", () =>
        {
            for (var i = 0; i < module.Axes.Count; i++)
            {
                var axis = module.Axes[i];
                writer.Lines(string.Format(CultureInfo.InvariantCulture, "{0} => {1}{2}.{3},", i, axis.NeedsCast ? "(long)" : "", Target(module, axis.IsStatic), axis.Size));
            }
            writer.Lines("_ => base.SizeOf(axis),");
        }, "};");
    }

    private static void Remember(CodeWriter writer, ModuleModel module, string access)
    {
        var fields = module.PostLoads.SelectMany(static method => method.Fields).Distinct().Select(field => $"{Target(module, field.IsStatic)}.{Identifiers.Escape(field.Name)}").ToList();
        if (fields.Count == 0) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block($"{access} global::System.Action Remember()", () =>
        {
            for (var i = 0; i < fields.Count; i++) writer.Lines(string.Format(CultureInfo.InvariantCulture, "var value{0} = {1};", i, fields[i]));
            if (fields is [var only])
            {
                writer.Lines($"return () => {only} = value0;");
                return;
            }
            writer.Block("return () =>", () =>
            {
                for (var i = 0; i < fields.Count; i++) writer.Lines(string.Format(CultureInfo.InvariantCulture, "{1} = value{0};", i, fields[i]));
            }, "};");
        });
    }

    private static void Conditions(CodeWriter writer, ModuleModel module, string access)
    {
        Conditions(writer, $"{access} bool Has(int index) => index switch", module.Parameters.Select(static parameter => parameter.When));
        Conditions(writer, $"{access} bool Ignores(int ignore) => ignore switch", module.Ignores.Select(static ignore => ignore.When));
    }

    private static void Conditions(CodeWriter writer, string head, IEnumerable<string?> conditions)
    {
        if (conditions.All(static when => when is null)) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block(head, () =>
        {
            foreach (var (when, i) in conditions.Select(static (when, i) => (when, i)))
            {
                if (when is not null) writer.Lines(string.Format(CultureInfo.InvariantCulture, "{0} => _module.{1},", i, when));
            }
            writer.Lines("_ => true,");
        }, "};");
    }

    private static void Switch(CodeWriter writer, string head, string variable, string otherwise, IEnumerable<(int Index, string? Statement)> cases)
    {
        var present = cases.Where(static item => item.Statement is not null).ToList();
        if (present.Count == 0) return;
        writer.Lines("\n/// <inheritdoc/>");
        writer.Block(head, () => writer.Block($"switch ({variable})", () =>
        {
            foreach (var (index, statement) in present) writer.Lines($"case {index}:\n    {statement}\n    break;");
            writer.Lines($"default:\n    {otherwise}\n    break;");
        }));
    }

    private static string Target(ModuleModel module, bool isStatic) => isStatic ? module.Reference : "_module";
}
