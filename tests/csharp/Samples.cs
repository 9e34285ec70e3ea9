using System;
using System.Collections.Generic;
using System.Reflection;
using Daxsign;

/// <summary>Something of every type of the API, all of its properties filled in.</summary>
internal static class Samples
{
    internal static object Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "Floor=Åsa \"A\"/ö"; // As filters by attributes are.
        if (type == typeof(DaxSecret)) return new DaxSecret("1234");
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 1; // Listed numbers begin with 0.
        if (type == typeof(long)) return 7L;
        if (type == typeof(double)) return 59.5;
        if (type == typeof(Guid)) return new Guid("00000000-0000-4000-8000-000000000001");
        if (type == typeof(DaxLocalTime)) return new DaxLocalTime(new DateTime(2026, 1, 31, 8, 30, 0));
        if (type == typeof(DaxUtcTime)) return new DaxUtcTime(new DateTimeOffset(2026, 1, 31, 8, 30, 0, TimeSpan.Zero));
        if (type == typeof(byte[])) return new byte[] { 1, 2, 255 };
        if (type == typeof(DaxJson)) return DaxJson.Parse("{\"a\":[1.50,null]}");
        if (type == typeof(DaxInstance)) return new DaxInstance((Guid)Of(typeof(Guid)), (Guid)Of(typeof(Guid)));
        if (type.IsGenericType) return Collection(type);
        return Made(type);
    }

    private static object Collection(Type type)
    {
        Type[] kinds = type.GetGenericArguments();
        if (kinds.Length == 1)
        {
            Array list = Array.CreateInstance(kinds[0], 1);
            list.SetValue(Of(kinds[0]), 0);
            return list;
        }
        object map = Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(kinds));
        map.GetType().GetMethod("Add").Invoke(map, new[] { Of(kinds[0]), Of(kinds[1]) });
        return map;
    }

    private static object Made(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors()[0];
        object made = constructor.Invoke(
            Array.ConvertAll(constructor.GetParameters(), each => Of(each.ParameterType)));
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.GetSetMethod() != null)
            {
                property.SetValue(made, Of(property.PropertyType));
            }
        }
        // A patch has a method for each path.
        foreach (MethodInfo method in type.GetMethods(
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (method.ReturnType == type && method.GetParameters().Length == 1)
            {
                method.Invoke(made, new[] { Of(method.GetParameters()[0].ParameterType) });
            }
        }
        return made;
    }
}
